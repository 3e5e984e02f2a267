/** Output is not the run: whoever reads it may go, be full or never read, and the migration ends as it would have. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { program } from '../../../scripts/lib/program.ts';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Workplace, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('output');

async function environmentOf(place: Workplace, url: string): Promise<Record<string, string>> {
  await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: [{ _id: new ObjectId(), email: 'user@example.com' }] });
  return {
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: place.folder,
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
    MIGRATION_DIR: place.volume,
    MONGODB_URL: dumpUrl(join(place.folder, 'dump')),
    DATABASE_URL: url,
  };
}

async function completed(place: Workplace, exit: unknown): Promise<void> {
  assert.is(exit, 0);
  const { state, verdict } = await place.report();
  assert.equal([state, verdict], ['finished', 'success']);
}

const full = '/dev/full';
const noFull = await access(full).then(
  () => null,
  () => `${full} does not exist here`,
);

test.unless(noFull).fault('both outputs are full', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const child = spawn(program, [], {
    cwd: place.folder,
    env: await environmentOf(place, database.url),
    stdio: ['ignore', openSync(full, 'w'), openSync(full, 'w')],
  });
  const [exit] = await once(child, 'close');
  await completed(place, exit);
});

test.fault('who reads the pipes goes after the first line', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const child = spawn(program, [], {
    cwd: place.folder,
    env: await environmentOf(place, database.url),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  child.stderr.destroy();
  child.stdout.once('data', () => child.stdout.destroy());
  await completed(place, (await exited)[0]);
});

test.fault('the other end of a socket, that of a collector of logs, is closed', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const collector = createServer((socket) => socket.once('data', () => socket.destroy())).listen(join(place.folder, 'collector'));
  await once(collector, 'listening');
  try {
    const output = connect(join(place.folder, 'collector'));
    await once(output, 'connect');
    const child = spawn(program, [], {
      cwd: place.folder,
      env: await environmentOf(place, database.url),
      stdio: ['ignore', output, output],
    });
    const exited = once(child, 'exit');
    output.destroy();
    await completed(place, (await exited)[0]);
  } finally {
    collector.close();
  }
});

test.fault('nobody reads the pipe, which is full', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const run = spawn('sh', ['-c', `(yes | head -c 65536; ${program}; echo $? > exit) | (until [ -f exit ]; do sleep 0.1; done)`], {
    cwd: place.folder,
    env: await environmentOf(place, database.url),
    stdio: 'ignore',
  });
  await once(run, 'close');
  await completed(place, 0);
});

test.fault('the outputs are closed from the beginning', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const run = spawn('sh', ['-c', `exec ${program} >&- 2>&-`], {
    cwd: place.folder,
    env: await environmentOf(place, database.url),
    stdio: 'ignore',
  });
  await completed(place, (await once(run, 'close'))[0]);
});

test.run();
