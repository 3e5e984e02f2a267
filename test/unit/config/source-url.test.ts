import * as assert from 'uvu/assert';
import { parseSourceUrl, type SourceUrl } from '../../../src/config/source-url.ts';
import { suite } from '../../support/suite.ts';

const test = suite('config/source-url');

function read(text: string): SourceUrl {
  const parsed = parseSourceUrl(text, '/work-folder');
  if ('problem' in parsed) throw new Error(parsed.problem.what);
  return parsed.value;
}

function problemOf(text: string): string {
  const parsed = parseSourceUrl(text, '/work-folder');
  if ('value' in parsed) throw new Error(`${text} was taken`);
  return `${parsed.problem.what} ${parsed.problem.next}`;
}

function folderOf(text: string): string {
  const source = read(text);
  return source.kind === 'dump' ? source.folder : 'a server';
}

test('a server URL is kept as given, with its database and its hosts for people', () => {
  const url = 'mongodb://user:p%40ss@a.example:27017,b.example:27018/nextcrm?replicaSet=rs0&authSource=admin';
  assert.equal(read(url), {
    kind: 'server',
    url,
    database: 'nextcrm',
    description: 'MongoDB at a.example:27017,b.example:27018',
  });
});

test('a server URL need not name a database', () => {
  for (const url of [
    'mongodb://localhost',
    'mongodb://localhost/',
    'mongodb://localhost/?replicaSet=rs0',
    'mongodb+srv://u:p@cluster.example',
  ]) {
    const source = read(url);
    assert.is(source.kind === 'server' ? source.database : '', null, url);
  }
});

test('an IPv6 address and an encoded Unix socket are hosts', () => {
  assert.is(read('mongodb://[::1]:27017/d').kind, 'server');
  assert.is(read('mongodb://%2Ftmp%2Fmongodb-27017.sock/d').kind, 'server');
});

test('file URLs name a folder, whole or from the current folder', () => {
  assert.is(folderOf('file:///dump'), '/dump');
  assert.is(folderOf('file:/dump/'), '/dump');
  assert.is(folderOf('file://localhost/dump'), '/dump');
  assert.is(folderOf('file:./dump'), '/work-folder/dump');
  assert.is(folderOf('file:dump/nextcrm'), '/work-folder/dump/nextcrm');
  assert.is(folderOf('file:../dump'), '/dump');
  assert.is(folderOf('FILE:///dump'), '/dump');
});

test('file URLs are percent-decoded', () => {
  assert.is(folderOf('file:///my%20dump/100%25/%C3%A9%23%3F'), '/my dump/100%/é#?');
  assert.is(folderOf('file:///my dump'), '/my dump');
});

for (const [text, expected] of [
  ['file:', /contains no folder/],
  ['file:///a%00b', /contains no folder/],
  ['file:///100%', /invalid percent-encoding/],
  ['file://dump', /contains a host.*file:\.\/dump/],
  ['file:~/dump', /only a shell expands/],
  ['file:///dump?db=nextcrm', /parameters/],
  ['file:///dump#x', /parameters/],
  ['./dump', /is a path.*file:/],
  ['/dump', /is a path/],
  ['localhost:27017/d', /not a URL/],
  ['https://example.org', /not a MongoDB URL/],
  ['mongodb://', /contains no host/],
  ['mongodb://u:p@/d', /contains no host/],
  ['mongodb://h:99999/d', /port that is out of range/],
  ['mongodb://h:0/d', /port that is out of range/],
  ['mongodb://h:port/d', /host or port/],
  ['mongodb://h,,i/d', /host or port/],
  ['mongodb+srv://h:27017/d', /exactly one host, without a port/],
  ['mongodb+srv://a,b/d', /exactly one host, without a port/],
  ['mongodb://u:50%@h/d', /invalid percent-encoding/],
  ['mongodb://h/a/b', /invalid MongoDB database name/],
] as const) {
  test(`${text} is refused with its reason`, () => assert.match(problemOf(text), expected));
}

test('no message shows a password, wherever its special characters tear the URL apart', () => {
  for (const text of [
    'mongodb://u:CANARY/x@h/d',
    'mongodb://u:1/CANARY@h/d',
    'mongodb://u:1?CANARY@h/d',
    'mongodb://u:1#CANARY@h/d',
    'mongodb://u:CANARY/d',
    'mongodb://u:CANARY@h:99999/d',
    'mongodb://u:CANARY%@h/d',
    'mongodb+srv://u:CANARY@h:1/d',
    'CANARY:CANARY@h/d',
  ]) {
    assert.not.match(problemOf(text), /CANARY/, text);
  }
  assert.not.match(read('mongodb://CANARY:CANARY@h/d').description, /CANARY/);
});

test.run();
