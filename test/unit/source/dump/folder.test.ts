/** Everything in a dump folder has a fate: read, known and not ours, a finding, or a note. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { Failure } from '../../../../src/failure.ts';
import { lookForTheRest, requireDocuments } from '../../../../src/preconditions/whole-source.ts';
import { openSource } from '../../../../src/source/open.ts';
import type { Source } from '../../../../src/source/source.ts';
import { rawDocuments, temporaryFolder, writeDump } from '../../../support/dump.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('dump folder');
const { signal } = new AbortController();
const known = new Set(['Users', 'Tasks', 'crm_Accounts', 'crm_Accounts_Tasks', 'Documents']);
const some = [{ _id: 1 }, { _id: 2 }];
const bytes = rawDocuments(some);
const hex = (digits: string) => Buffer.concat([Buffer.from(digits, 'hex'), Buffer.alloc(40)]);
const zst = hex('28b52ffd');
const archive = hex('6de29981');
const tar = Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(762)]);

/** A dump of Users in a folder `nextcrm`, with other files beside it, by their path from the parent. */
async function withFiles(
  files: { readonly [path: string]: Uint8Array | string },
  use: (source: Source, parent: string) => Promise<void>,
): Promise<void> {
  await using temporary = await temporaryFolder();
  await writeDump(join(temporary.path, 'nextcrm'), { Users: some });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(temporary.path, path)), { recursive: true });
    await writeFile(join(temporary.path, path), content);
  }
  await use(await openSource(temporary.url, { signal }), temporary.path);
}

async function countOf(source: Source, collection: string): Promise<number> {
  let count = 0;
  for await (const { documents, damage } of source.read(collection, null, { documentsMax: 100, bytesMax: 1 << 20 })) {
    assert.equal(damage, []);
    count += documents.length;
  }
  return count;
}

const namesOf = async (source: Source) => (await source.collections()).map(({ name }) => name);

async function failureOf(url: string): Promise<Failure> {
  const error = await openSource(url, { signal }).then(
    () => assert.unreachable('it should have failed'),
    (reason: unknown) => reason,
  );
  assert.instance(error, Failure);
  return error as Failure;
}

/** A file beside the others: of which collection documents may be in it, and what the finding says. */
const findings: readonly (readonly [
  file: string,
  content: Uint8Array | string,
  collection: string | null,
  what: RegExp,
  next: RegExp,
])[] = [
  ['Tasks.bson.part', bytes, 'Tasks', /incomplete or temporary/, /Copy the file again/],
  ['Tasks.bson.filepart', bytes, 'Tasks', /incomplete or temporary/, /Copy the file again/],
  ['.Tasks.bson.Xa81Kq', bytes, 'Tasks', /incomplete or temporary/, /Copy the file again/],
  ['.Tasks.bson', bytes, 'Tasks', /incomplete or temporary/, /rename it/],
  ['Tasks.bson~', bytes, 'Tasks', /incomplete or temporary/, /rename it/],
  ['Tasks.bson.tmp', '', 'Tasks', /incomplete or temporary/, /Copy the file again/],
  ['Tasks.bson.bak', bytes, 'Tasks', /backup copy/, /rename it/],
  ['Tasks.bson.1', bytes, 'Tasks', /backup copy/, /rename it/],
  ['Tasks.bson.001', bytes, 'Tasks', /part of a file/, /cat nextcrm\/Tasks\.bson\.\* > nextcrm\/Tasks\.bson/],
  ['Tasks.bson.aa', bytes, 'Tasks', /part of a file/, /cat /],
  ['Tasks.bson.gz.part2', bytes, 'Tasks', /part of a file/, /cat /],
  ['Tasks.bson.zst', zst, 'Tasks', /zstd/, /zstd -d nextcrm\/Tasks\.bson\.zst/],
  ['Tasks.bson.xz', hex('fd377a585a00'), 'Tasks', /xz/, /xz -d/],
  ['Tasks.bson.bz2', hex('425a6839'), 'Tasks', /bzip2/, /bzip2 -d/],
  ['Tasks.bson.lz4', hex('04224d18'), 'Tasks', /lz4/, /lz4 -d/],
  ['Tasks.bson', zst, 'Tasks', /zstd/, /zstd -dc nextcrm\/Tasks\.bson > (\S+) && mv \1 nextcrm\/Tasks\.bson"/],
  ['Tasks.bson.gz', gzipSync(zst), 'Tasks', /zstd, compressed with gzip/, /gzip -dc (\S+) > (\S+) && mv \2 \1"/],
  ['Tasks.bson.gz', gzipSync(gzipSync(bytes)), 'Tasks', /gzip twice/, /gzip -dc (\S+) > (\S+) && mv \2 \1"/],
  ['Tasks.bson.br', hex('0b0880'), 'Tasks', /Brotli/, /brotli -d nextcrm\/Tasks\.bson\.br/],
  ['Tasks.bson.Z', hex('1f9d90'), 'Tasks', /compressed with compress/, /gzip -d nextcrm\/Tasks\.bson\.Z/],
  ['Tasks.bson.gpg', hex('850100'), 'Tasks', /encrypted/, /Decrypt it/],
  ['Tasks.json.gz', gzipSync('{"_id":1}'), 'Tasks', /export as text/, /mongoimport/],
  ['backup.tar.enc', 'Salted__', null, /encrypted/, /Decrypt it/],
  ['collection-0--1234.wt', hex('41d80100'), null, /data file of a MongoDB server/, /mongod --dbpath/],
  ['Tasks.bson.zip', hex('504b0304'), 'Tasks', /ZIP/, /unzip/],
  ['tasks.json', '{"_id":1}', 'Tasks', /export as text/, /mongoimport/],
  ['Tasks.csv', '_id\n1\n', 'Tasks', /export as text/, /mongoimport/],
  ['TASKS.BSON.ZST', zst, 'Tasks', /zstd/, /zstd -d/],
  ['crm_Accounts_Tasks.bson.zst', zst, 'crm_Accounts_Tasks', /zstd/, /zstd -d/],
  ['crm%5FAccounts.bson.zst', zst, 'crm_Accounts', /zstd/, /zstd -d/],
  ['old Tasks.bson.zst', zst, 'Tasks', /zstd/, /zstd -d 'nextcrm\/old Tasks\.bson\.zst'/],
  [`${'x'.repeat(200)}.Tasks.bson.zst`, zst, 'Tasks', /zstd/, /zstd -d/],
  ['Tasks', bytes, 'Tasks', /without the name of a \.bson/, /mv nextcrm\/Tasks COLLECTION\.bson/],
  [
    'Tasks.bson.zst',
    bytes,
    'Tasks',
    /not compressed, with the name of a \.zst file/,
    /mv nextcrm\/Tasks\.bson\.zst nextcrm\/Tasks\.bson"/,
  ],
  ['Tasks.gz', gzipSync(bytes), 'Tasks', /without the name of a \.bson/, /COLLECTION\.bson\.gz/],
  ['nextcrm.archive', archive, null, /archive of mongodump \(--archive\)/, /mongorestore --archive=nextcrm\/nextcrm\.archive/],
  ['dump', gzipSync(archive), null, /--archive --gzip/, /mongorestore --gzip --archive=nextcrm\/dump/],
  ['Tasks.bson', archive, 'Tasks', /archive of mongodump/, /mongorestore/],
  ['backup.zip', hex('504b0304'), null, /ZIP/, /unzip nextcrm\/backup\.zip/],
  ['backup.tar', tar, null, /tar archive/, /tar xf nextcrm\/backup\.tar/],
  ['backup.tgz', gzipSync(tar), null, /compressed tar/, /tar xzf nextcrm\/backup\.tgz/],
  ['backup.7z', hex('377abcaf271c'), null, /7-Zip/, /7z x/],
  ['backup.zst', zst, null, /zstd/, /zstd -d/],
  ['data.bin', bytes, null, /without the name of a \.bson/, /mv /],
];

for (const [index, [file, content, collection, what, next]] of findings.entries()) {
  test(`${index + 1}: ${file.slice(-40)} is a finding, with the command that helps`, () =>
    withFiles({ [`nextcrm/${file}`]: content }, async (source) => {
      const { findings: found, notes } = await lookForTheRest(source, known);
      assert.equal(
        found.map(({ code, collection: of, count, sourceIds }) => [code, of, count, sourceIds]),
        [['SOURCE_FILE_UNREAD', collection, 1, [`nextcrm/${file}`]]],
      );
      assert.match(found[0]?.what ?? '', what);
      assert.match(found[0]?.next ?? '', next);
      assert.equal(notes, []);
      assert.equal(await namesOf(source), ['Users']);
    }));
}

const notes: readonly (readonly [file: string, content: Uint8Array | string])[] = [
  ['README.md', 'about Users'],
  ['notes.txt', 'x'],
  ['Users.bson.sha256', 'ab'],
  ['shop.bson.part', bytes],
  ['shop.bson.zst', zst],
  ['shop.json', '[]'],
  ['readme.gz', gzipSync('text')],
  ['oplog.bson', bytes],
];

for (const [file, content] of notes) {
  test(`${file} is a note that names it`, () =>
    withFiles({ [`nextcrm/${file}`]: content }, async (source) => {
      const rest = await lookForTheRest(source, known);
      assert.equal(rest.findings, []);
      assert.equal(
        rest.notes.map(({ code, place }) => [code, place.startsWith(`nextcrm/${file} (`)]),
        [['FILE_NOT_READ', true]],
      );
      assert.equal(await namesOf(source), ['Users']);
    }));
}

test('what mongodump, MongoDB and operating systems put there is known, and not told', () =>
  withFiles(
    {
      'prelude.json': '{}',
      'nextcrm/prelude.json.gz': gzipSync('{}'),
      'admin/system.version.bson': bytes,
      'oplog.bson': '',
      'nextcrm/.DS_Store': 'x',
      'nextcrm/._Users.bson': hex('00051607'),
      'nextcrm/Thumbs.db': 'x',
      'nextcrm/@eaDir/Users.bson/x': 'x',
      'lost+found/#1': 'x',
    },
    async (source) => {
      assert.equal(await lookForTheRest(source, known), { findings: [], notes: [] });
      assert.equal(await namesOf(source), ['Users']);
    },
  ));

test('files beside the folder of the database, and in folders without documents, have their fate too', () =>
  withFiles({ 'Tasks.bson.zst': zst, 'more/crm_Accounts.bson.zst': zst, 'notes.txt': 'x' }, async (source) => {
    const rest = await lookForTheRest(source, known);
    assert.equal(
      rest.findings.map(({ collection, sourceIds }) => [collection, sourceIds]),
      [
        ['Tasks', ['Tasks.bson.zst']],
        ['crm_Accounts', ['more/crm_Accounts.bson.zst']],
      ],
    );
    assert.is(rest.notes.length, 1);
  }));

test('several files of one collection are one finding that names them', () =>
  withFiles({ 'nextcrm/Tasks.bson.001': bytes, 'nextcrm/Tasks.bson.002': bytes }, async (source) => {
    const { findings: found } = await lookForTheRest(source, known);
    assert.equal(
      found.map(({ count, sourceIds }) => [count, sourceIds]),
      [[2, ['nextcrm/Tasks.bson.001', 'nextcrm/Tasks.bson.002']]],
    );
  }));

// What is no regular file

test('a FIFO, a socket, a device, a broken link and a folder with the name of a file are told and not opened', async () => {
  await using temporary = await temporaryFolder();
  const at = (name: string) => join(temporary.path, 'nextcrm', name);
  await writeDump(join(temporary.path, 'nextcrm'), { Users: some });
  execFileSync('mkfifo', [at('Tasks.bson')]);
  execFileSync('mkfifo', [at('Documents.metadata.json')]);
  execFileSync('mkfifo', [at('pipe')]);
  await symlink('/dev/zero', at('crm_Accounts.bson'));
  await symlink('nowhere', at('crm_Accounts_Tasks.bson'));
  await mkdir(at('Documents.bson'));
  const server = createServer().listen(at('socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const source = await openSource(temporary.url, { signal });
    const rest = await lookForTheRest(source, known);
    const told = new Map(rest.findings.map(({ collection, what }) => [collection, what]));
    assert.match(told.get('Tasks') ?? '', /Tasks\.bson is a FIFO/);
    assert.match(told.get('crm_Accounts') ?? '', /is a device/);
    assert.match(told.get('crm_Accounts_Tasks') ?? '', /is a broken symbolic link/);
    assert.match(told.get('Documents') ?? '', /Documents\.metadata\.json is a FIFO/);
    assert.is(rest.notes.length, 2);
    assert.equal(await namesOf(source), ['Users']);
  } finally {
    server.close();
  }
});

test('a FIFO or a device as the dump itself, and FIFOs beside the folder of the database, are told and not opened', async () => {
  await using temporary = await temporaryFolder();
  const at = (name: string) => join(temporary.path, name);
  await writeDump(at('nextcrm'), { Users: some });
  for (const name of ['dump', 'Tasks.bson', 'oplog.bson', 'nextcrm/prelude.json', 'nextcrm/Users.metadata.json.gz'])
    execFileSync('mkfifo', [at(name)]);
  for (const path of [at('dump'), '/dev/zero'])
    assert.equal((await failureOf(`file://${path}`)).code, 'SOURCE_DUMP_NOT_FOLDER', path);
  const source = await openSource(temporary.url, { signal });
  const rest = await lookForTheRest(source, known);
  assert.equal(
    rest.findings.map(({ collection, sourceIds }) => [collection, sourceIds]),
    [
      ['Tasks', ['Tasks.bson']],
      ['Users', ['nextcrm/Users.metadata.json.gz']],
    ],
  );
  assert.equal(
    rest.notes.map(({ place }) => place),
    ['dump (a FIFO, not a file)', 'nextcrm/prelude.json (a FIFO, not a file)', 'oplog.bson (a FIFO, not a file)'],
  );
  assert.is(await countOf(source, 'Users'), 2);
});

test('a folder with the name of a file is told, also where it is empty', async () => {
  await using temporary = await temporaryFolder();
  await writeDump(join(temporary.path, 'nextcrm'), { Users: some });
  await mkdir(join(temporary.path, 'nextcrm/Tasks.bson'));
  const { findings: found } = await lookForTheRest(await openSource(temporary.url, { signal }), known);
  assert.match(found[0]?.what ?? '', /Tasks\.bson is a folder with the name of a file/);
});

test('symbolic links to files and folders are what they point to', async () => {
  await using temporary = await temporaryFolder();
  await writeDump(join(temporary.path, 'disk/nextcrm'), { Users: some });
  await mkdir(join(temporary.path, 'dump/nextcrm'), { recursive: true });
  await symlink(join(temporary.path, 'disk/nextcrm/Users.bson'), join(temporary.path, 'dump/nextcrm/Tasks.bson'));
  await symlink(join(temporary.path, 'dump'), join(temporary.path, 'dump/nextcrm/again'));
  const source = await openSource(`${temporary.url}/dump`, { signal });
  assert.is(await countOf(source, 'Tasks'), 2);
});

const asUser = test.unless(process.getuid?.() === 0 ? 'root may read everything' : null);

asUser('a file of documents that may not be read stops the program, another one is told', () =>
  withFiles({ 'nextcrm/Tasks.json': '[]' }, async (_, parent) => {
    await chmod(join(parent, 'nextcrm/Tasks.json'), 0);
    const source = await openSource(`file://${parent}`, { signal });
    assert.is((await lookForTheRest(source, known)).findings.length, 1);
    await chmod(join(parent, 'nextcrm/Users.bson'), 0);
    assert.is((await failureOf(`file://${parent}`)).code, 'SOURCE_DUMP_UNREADABLE');
  }),
);

// Magic numbers and names

test('gzip is told by its bytes, whatever the name: documents, metadata, progress and place', async () => {
  const metadata = JSON.stringify({ collectionName: 'crm_Accounts', options: {}, indexes: [] });
  await withFiles(
    {
      'nextcrm/Tasks.bson': gzipSync(bytes),
      'nextcrm/Tasks.metadata.json': gzipSync(JSON.stringify({ collectionName: 'Tasks' })),
      'nextcrm/renamed.bson.gz': bytes,
      'nextcrm/renamed.metadata.json.gz': metadata,
    },
    async (source) => {
      assert.equal(await namesOf(source), ['Tasks', 'Users', 'crm_Accounts']);
      assert.is(await countOf(source, 'Tasks'), 2);
      assert.is(await countOf(source, 'crm_Accounts'), 2);
      const [tasks, , accounts] = await source.collections();
      assert.equal([tasks?.bytes, accounts?.bytes], [null, bytes.length]);
      assert.equal(await lookForTheRest(source, known), { findings: [], notes: [] });
    },
  );
});

test('a plain document whose length is the magic number of gzip is read', () =>
  withFiles({ 'nextcrm/Tasks.bson': rawDocuments([{ _id: 1, t: 'x'.repeat(559_903 - 22) }]) }, async (source) => {
    assert.is(await countOf(source, 'Tasks'), 1);
  }));

test('endings in another case are read', () =>
  withFiles(
    { 'nextcrm/Tasks.BSON': bytes, 'nextcrm/Tasks.METADATA.JSON': '{}', 'nextcrm/Documents.bson.GZ': gzipSync(bytes) },
    async (source) => {
      assert.equal(await namesOf(source), ['Documents', 'Tasks', 'Users']);
      assert.is(await countOf(source, 'Documents'), 2);
    },
  ));

test('metadata that are empty, or have a byte order mark, are read; an empty one leaves the name to the file', async () => {
  const text = JSON.stringify({ collectionName: 'Documents', type: 'collection' });
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  for (const metadata of [Buffer.from(`\ufeff${text}`), utf16, Buffer.from(utf16).swap16(), gzipSync(`\ufeff${text}`)]) {
    await withFiles({ 'nextcrm/x.bson': bytes, 'nextcrm/x.metadata.json': metadata }, async (source) => {
      assert.equal(await namesOf(source), ['Documents', 'Users']);
    });
  }
  const unmarked = Buffer.from(text, 'utf16le');
  for (const metadata of [unmarked, Buffer.from(unmarked).swap16()]) {
    await withFiles({ 'nextcrm/x.bson': bytes, 'nextcrm/x.metadata.json': metadata }, async (source) => {
      assert.equal(await namesOf(source), ['Documents', 'Users']);
    });
  }
  for (const metadata of ['', ' \n', '\ufeff', gzipSync(''), Buffer.alloc(512), 'null']) {
    await withFiles({ 'nextcrm/Tasks.bson': bytes, 'nextcrm/Tasks.metadata.json': metadata }, async (source) => {
      assert.equal(await namesOf(source), ['Tasks', 'Users']);
      assert.is(await countOf(source, 'Tasks'), 2);
    });
  }
});

test('a collection in another case, or a copy of one, is a finding where it has documents', async () => {
  for (const [file, meant] of [
    ['users', 'Users'],
    ['CRM_ACCOUNTS', 'crm_Accounts'],
    ['crm-accounts', 'crm_Accounts'],
    ['Tasks (1)', 'Tasks'],
    ['Tasks - Copy', 'Tasks'],
    ['Tasks.bson', 'Tasks'],
    ['nextcrm.Tasks', 'Tasks'],
  ] as const) {
    await withFiles({ [`nextcrm/${file}.bson`]: bytes }, async (source) => {
      const { findings: found } = await lookForTheRest(source, known);
      assert.equal(
        found.map(({ code, collection }) => [code, collection]),
        [['COLLECTION_NAME_SIMILAR', file]],
      );
      assert.match(found[0]?.next ?? '', `${meant}.bson`);
    });
  }
  await withFiles(
    { 'nextcrm/users.bson': '', 'nextcrm/Users_backup.bson': bytes, 'nextcrm/Userss.bson': bytes },
    async (source) => {
      assert.equal((await lookForTheRest(source, known)).findings, []);
    },
  );
});

// Views

test("a view or a time series of NextCRM's name is a finding, of another name a note elsewhere", async () => {
  await using temporary = await temporaryFolder();
  const types = { Tasks: 'view', Documents: 'timeseries', report: 'view' };
  await writeDump(
    join(temporary.path, 'nextcrm'),
    { Users: some, Tasks: [], Documents: [], report: [], 'system.buckets.Documents': some, 'system.buckets.crm_Accounts': some },
    { types },
  );
  const { findings: found } = await lookForTheRest(await openSource(temporary.url, { signal }), known);
  assert.equal(found.map(({ code, collection }) => `${code} ${collection}`).sort(), [
    'VIEW_NOT_COPIED Documents',
    'VIEW_NOT_COPIED Tasks',
    'VIEW_NOT_COPIED crm_Accounts',
  ]);
});

test('a time series is told from its options where the metadata has no type', () =>
  withFiles({ 'nextcrm/Tasks.metadata.json': '{"options":{"timeseries":{"timeField":"t"}},"indexes":[]}' }, async (source) => {
    const { findings: found } = await lookForTheRest(source, known);
    assert.equal(
      found.map(({ code, collection }) => `${code} ${collection}`),
      ['VIEW_NOT_COPIED Tasks'],
    );
  }));

test('documents beside the metadata of a view are loaded', async () => {
  for (const gzip of [false, true]) {
    await using temporary = await temporaryFolder();
    const types = { Tasks: 'view', Documents: 'view' };
    await writeDump(join(temporary.path, 'nextcrm'), { Users: some, Tasks: some, Documents: [] }, { types, gzip });
    const source = await openSource(temporary.url, { signal });
    assert.is(await countOf(source, 'Tasks'), 2);
    assert.equal(
      (await source.collections()).map(({ name, type }) => [name, type]),
      [
        ['Documents', 'view'],
        ['Tasks', 'collection'],
        ['Users', 'collection'],
      ],
    );
  }
});

// Depth and archives

test('the one folder with documents is taken at any depth, of several each is named', async () => {
  await using temporary = await temporaryFolder();
  await writeDump(join(temporary.path, 'a/dump/x/nextcrm'), { Users: some });
  await writeDump(join(temporary.path, 'a/dump/x/admin'), { 'system.version': some });
  const source = await openSource(`${temporary.url}/a`, { signal });
  assert.is(source.database, 'nextcrm');
  assert.is(await countOf(source, 'Users'), 2);
  await writeDump(join(temporary.path, 'a/older/nextcrm'), { Users: some });
  const several = await failureOf(`${temporary.url}/a`);
  assert.equal([several.code, several.exit], ['SOURCE_DATABASE_AMBIGUOUS', 2]);
  assert.match(several.message, 'dump/x/nextcrm, older/nextcrm');
  assert.match(several.next, `MONGODB_URL=${temporary.url}/a/dump/x/nextcrm`);
});

test('an archive as the folder or the only thing in it is named, with the command that unpacks it', async () => {
  await using temporary = await temporaryFolder();
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['nextcrm.archive', archive, /mongorestore --archive=/],
    ['nextcrm.gz', gzipSync(archive), /mongorestore --gzip --archive=/],
    ['dump.zip', hex('504b0304'), /unzip /],
    ['dump.tar.gz', gzipSync(tar), /tar xzf /],
    ['dump.tar', tar, /tar xf /],
    ['dump.tar.zst', zst, /zstd -d /],
  ];
  for (const [name, content, next] of cases) {
    const folder = join(temporary.path, `with-${name}`);
    await mkdir(folder);
    await writeFile(join(folder, name), content);
    for (const path of [folder, join(folder, name)]) {
      const failure = await failureOf(`file://${path}`);
      assert.equal([failure.code, failure.exit], ['SOURCE_DUMP_ARCHIVE', 2], path);
      assert.match(failure.message, name);
      assert.match(failure.next, next);
    }
  }
});

test("the folder of a server's data is named as that: its storage.bson is no collection", async () => {
  await using temporary = await temporaryFolder();
  for (const [name, content] of Object.entries({
    WiredTiger: 'WiredTiger 11.2.0',
    'storage.bson': bytes,
    'collection-0--1.wt': 'x',
    'mongod.lock': '',
  }))
    await writeFile(join(temporary.path, name), content);
  const failure = await failureOf(temporary.url);
  assert.equal([failure.code, failure.exit], ['SOURCE_DUMP_ARCHIVE', 2]);
  assert.match(failure.message, 'data file of a MongoDB server');
  assert.match(failure.next, 'mongod --dbpath');
});

test('a folder whose files all need something is refused with what they are', async () => {
  await using temporary = await temporaryFolder();
  await writeFile(join(temporary.path, 'Users.bson.zst'), zst);
  await writeFile(join(temporary.path, 'Users.metadata.json'), '{}');
  const failure = await failureOf(temporary.url);
  assert.is(failure.code, 'SOURCE_DUMP_NO_COLLECTION');
  assert.match(failure.message, /Users\.bson\.zst \(compressed with zstd\)/);
  assert.match(failure.next, /zstd -d Users\.bson\.zst/);
});

test('a file of documents as the URL is refused with its folder, a FIFO without being opened', async () => {
  await using temporary = await temporaryFolder();
  await writeDump(temporary.path, { Users: some });
  const failure = await failureOf(`${temporary.url}/Users.bson`);
  assert.is(failure.code, 'SOURCE_DUMP_NOT_FOLDER');
  assert.match(failure.next, `MONGODB_URL=${temporary.url}`);
  execFileSync('mkfifo', [join(temporary.path, 'pipe')]);
  assert.is((await failureOf(`${temporary.url}/pipe`)).code, 'SOURCE_DUMP_NOT_FOLDER');
});

// A source without documents

test('a source without any document is SOURCE_EMPTY, one that is damaged is not', async () => {
  const emptiness = async (files: { readonly [path: string]: Uint8Array | string }) => {
    await using temporary = await temporaryFolder();
    await writeDump(join(temporary.path, 'nextcrm'), { Users: [], shop: [] });
    for (const [path, content] of Object.entries(files)) await writeFile(join(temporary.path, 'nextcrm', path), content);
    const source = await openSource(temporary.url, { signal });
    return await requireDocuments(source, await source.collections()).then(
      () => null,
      (error: unknown) => error as Failure,
    );
  };
  const empty = await emptiness({ 'Tasks.bson.zst': zst, 'Documents.bson.gz': gzipSync('') });
  assert.equal([empty?.code, empty?.exit], ['SOURCE_EMPTY', 3]);
  assert.match(empty?.message ?? '', /Tasks\.bson\.zst \(compressed with zstd\)/);
  assert.is(await emptiness({ 'Tasks.bson': bytes }), null);
  assert.is(await emptiness({ 'Tasks.bson': Buffer.from('damage') }), null);
});

test('a name with control characters is shown on one line', async () => {
  await withFiles({}, async (_, parent) => {
    await writeFile(join(parent, 'nextcrm/x'), zst);
    await rename(join(parent, 'nextcrm/x'), join(parent, 'nextcrm/Tasks\u001b[2J\n.zst'));
    const { findings: found } = await lookForTheRest(await openSource(`file://${parent}`, { signal }), known);
    assert.match(found[0]?.what ?? '', /Tasks\?\[2J\?\.zst/);
  });
});

test.run();
