import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { reportFiles } from '../../../src/report/files.ts';
import { rejectLines } from '../../../src/report/rejects.ts';
import { type Checkpoint, openVolume } from '../../../src/volume/volume.ts';
import { suite } from '../../support/suite.ts';
import { clean, withFindings } from '../report/samples.ts';

const test = suite('volume/volume');

const folder = () => mkdtempSync(join(tmpdir(), 'volume-'));
const textOf = (...path: string[]) => readFileSync(join(...path), 'utf8');

const checkpoint: Checkpoint = {
  version: 1,
  runId: '0198f1a2-0000-7000-8000-000000000001',
  source: { kind: 'dump', database: 'nextcrm', description: 'dump in /dump' },
  target: { description: 'localhost:5432/nextcrm' },
  step: 'load',
  writtenAt: '2026-01-31T09:45:00.000Z',
  collections: { Users: { batch: 2, read: 10_000, done: false } },
  exitCode: null,
  reportId: clean.id,
};

async function failureOf(work: () => Promise<unknown> | unknown): Promise<Failure> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

test('a folder that is missing is made', async () => {
  const directory = join(folder(), 'a/b');
  await using volume = await openVolume(directory);
  assert.is(volume.directory, directory);
  assert.equal(readdirSync(directory).sort(), ['migration.log', 'reports']);
});

test('a file is replaced as a whole, and nothing else is left', async () => {
  const directory = folder();
  await using volume = await openVolume(directory);
  await volume.writeAtomically('x.txt', 'one, and longer');
  await volume.writeAtomically('x.txt', ['t', 'wo']);
  assert.is(textOf(directory, 'x.txt'), 'two');
  assert.equal(readdirSync(directory).sort(), ['migration.log', 'reports', 'x.txt']);
});

test('content that fails half-way leaves the former content and no other file', async () => {
  const directory = folder();
  await using volume = await openVolume(directory);
  await volume.writeAtomically('x.txt', 'former');
  const thrown = new Error('the source of the content');
  function* half() {
    yield 'new';
    throw thrown;
  }
  try {
    await volume.writeAtomically('x.txt', half());
    assert.unreachable();
  } catch (error) {
    assert.is(error, thrown);
  }
  assert.is(textOf(directory, 'x.txt'), 'former');
  assert.equal(readdirSync(directory).sort(), ['migration.log', 'reports', 'x.txt']);
});

test('a name that leads out of the folder is a bug', async () => {
  await using volume = await openVolume(folder());
  for (const name of ['../x', 'a/b', '.hidden', '', '..', 'a\0b']) {
    try {
      await volume.writeAtomically(name, '');
      assert.unreachable(name);
    } catch (error) {
      assert.is(error instanceof Error && error.name, 'Bug', name);
    }
  }
});

test('half files of a killed process are removed when they are old, and left when they may be in use', async () => {
  const directory = folder();
  writeFileSync(join(directory, '.report.json.0123abcd.tmp'), 'old');
  utimesSync(join(directory, '.report.json.0123abcd.tmp'), new Date(0), new Date(0));
  writeFileSync(join(directory, '.report.json.4567abcd.tmp'), 'new');
  writeFileSync(join(directory, '.mine.tmp'), 'a file of a person');
  utimesSync(join(directory, '.mine.tmp'), new Date(0), new Date(0));
  await using _volume = await openVolume(directory);
  assert.equal(readdirSync(directory).sort(), ['.mine.tmp', '.report.json.4567abcd.tmp', 'migration.log', 'reports']);
});

test('a checkpoint is read as it was written', async () => {
  await using volume = await openVolume(folder());
  assert.is(await volume.readCheckpoint(), null);
  await volume.writeCheckpoint(checkpoint);
  assert.equal(await volume.readCheckpoint(), checkpoint);
});

for (const [what, text] of [
  ['empty', ''],
  ['cut', '{"version": 1, "runId": "'],
  ['another thing', '[1]'],
  ['of another version', JSON.stringify({ ...checkpoint, version: 2 })],
  ['without its target', JSON.stringify({ ...checkpoint, target: undefined })],
  ['in an unknown step', JSON.stringify({ ...checkpoint, step: 'dance' })],
  ['with a negative count', JSON.stringify({ ...checkpoint, collections: { Users: { batch: -1, read: 0, done: false } } })],
] as const) {
  test(`a checkpoint file that is ${what} is reported as broken`, async () => {
    const directory = folder();
    await using volume = await openVolume(directory);
    writeFileSync(join(directory, 'checkpoint.json'), text);
    assert.equal(await volume.readCheckpoint(), { broken: true });
  });
}

test('a report stands at the top and under its id, and an earlier one stays under its own', async () => {
  const directory = folder();
  await using volume = await openVolume(directory);
  await volume.saveReport(
    withFindings.id,
    reportFiles(withFindings, rejectLines([{ collection: 'Users', sourceId: 'a', code: 'DUPLICATE_KEY', field: 'email' }])),
  );
  await volume.saveReport(clean.id, reportFiles(clean));
  assert.equal(readdirSync(directory).sort(), [
    'migration.log',
    'rejects.jsonl',
    'report.html',
    'report.json',
    'report.txt',
    'reports',
  ]);
  assert.equal(readdirSync(join(directory, 'reports')).sort(), [clean.id, withFindings.id].sort());
  assert.is(textOf(directory, 'report.html'), textOf(directory, 'reports', clean.id, 'report.html'));
  assert.match(textOf(directory, 'reports', withFindings.id, 'rejects.jsonl'), /^\{"collection":"Users".*\}\n$/);
  assert.equal(await volume.readReport(), clean);
  assert.equal(await volume.readReport(withFindings.id), withFindings);
});

test('a report that cannot be read is none', async () => {
  const directory = folder();
  await using volume = await openVolume(directory);
  assert.is(await volume.readReport(), null);
  writeFileSync(join(directory, 'report.json'), '{"version":1}');
  assert.is(await volume.readReport(), null);
  assert.is(await volume.readReport('../..'), null);
});

test('the log is one JSON object a line, in order, written at the latest when the volume is closed', async () => {
  const directory = folder();
  {
    await using volume = await openVolume(directory);
    volume.log({ event: 'step', step: 'load', note: 'two\nlines' });
    volume.log({ event: 'end' });
    volume.flushLog();
    assert.is(textOf(directory, 'migration.log').split('\n').length, 3);
    volume.log({ event: 'closed' });
  }
  const lines = textOf(directory, 'migration.log')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(
    lines.map(({ event }) => event),
    ['step', 'end', 'closed'],
  );
  assert.ok(lines.every(({ at }) => !Number.isNaN(Date.parse(at))));
});

test('a line that a kill has cut does not take the next one with it', async () => {
  const directory = folder();
  writeFileSync(join(directory, 'migration.log'), '{"event":"whole"}\n{"event":"cu');
  {
    await using volume = await openVolume(directory);
    volume.log({ event: 'next' });
  }
  const lines = textOf(directory, 'migration.log').trimEnd().split('\n');
  assert.is(lines.length, 3);
  assert.is(JSON.parse(lines[2] ?? '').event, 'next');
});

test('a full disk under the log is a failure of the target kind that names the volume', async () => {
  const directory = folder();
  symlinkSync('/dev/full', join(directory, 'migration.log'));
  const volume = await openVolume(directory);
  volume.log({ event: 'x' });
  const failure = await failureOf(() => volume.flushLog());
  assert.is(failure.code, 'VOLUME_FULL');
  assert.is(failure.exit, 4);
  assert.ok(failure.message.includes(directory));
  await volume[Symbol.asyncDispose]();
});

test('a folder that vanished is reported, not thrown raw', async () => {
  const directory = folder();
  await using volume = await openVolume(directory);
  rmSync(directory, { recursive: true });
  const failure = await failureOf(() => volume.writeCheckpoint(checkpoint));
  assert.is(failure.code, 'VOLUME_WRITE_FAILED');
  assert.is(failure.exit, 4);
});

test('a path that is a file is refused', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  for (const directory of [file, join(file, 'below')]) {
    const failure = await failureOf(() => openVolume(directory));
    assert.is(failure.exit, 2);
    assert.match(failure.message, /is a file/);
  }
});

test('a folder that no file system can make is reported, and does not hang', async () => {
  const failure = await failureOf(() => openVolume('/proc/sys/kernel/volume'));
  assert.is(failure.code, 'VOLUME_NOT_WRITABLE');
  assert.is(failure.exit, 2);
});

/** As a user that owns nothing: root may write everywhere. */
function openedBy(directory: string): string {
  const module = (path: string) => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);
  const script = `import { openVolume } from ${module('volume/volume.ts')};
    await openVolume(${JSON.stringify(directory)}).then(() => console.log('opened'), (error) => console.log(error.exit, error.message, error.next));`;
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', ...user });
  return stdout + stderr;
}

test('a folder of somebody else is reported with its owner, with us, and with the command that corrects it', async () => {
  const directory = folder();
  chmodSync(directory, 0o555);
  const said = openedBy(directory);
  const us = process.getuid?.() === 0 ? 65534 : process.getuid?.();
  const group = process.getuid?.() === 0 ? 65534 : process.getgid?.();
  assert.match(
    said,
    new RegExp(`^2 The volume ${directory} cannot be written: it belongs to uid ${process.getuid?.()}, gid \\d+ \\(mode 555\\)`),
  );
  assert.ok(said.includes(`runs as uid ${us}, gid ${group}`), said);
  assert.ok(said.includes(`sudo chown -R ${us}:${group}`), said);
});

test('a folder whose reports belong to somebody else is refused at the start', async () => {
  const directory = folder();
  mkdirSync(join(directory, 'reports'));
  chmodSync(join(directory, 'reports'), 0o555);
  chmodSync(directory, 0o777);
  assert.match(openedBy(directory), /^2 The volume .* cannot be written/);
});

test.run();
