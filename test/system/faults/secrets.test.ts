/** Canaries in values, URLs, passwords and API keys: in no line of output and in no file, whatever happens. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import { throwAwayServer } from '../../../scripts/lib/postgres/throw-away.ts';
import { writeDump } from '../../support/dump.ts';
import { killedRun, titles } from '../../support/kills.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Workplace, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('secrets');

/** Every canary has this in it, in one case or the other. */
const mark = 'canary';
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const password = `${mark}-password:/@#?%41`;
const encoded = encodeURIComponent(password);

const user = (n: number, more: object = {}) => ({
  _id: id(n),
  email: `${mark}.${n}@example.com`,
  name: `${mark} name`,
  password: `$2a$10$${mark}`,
  ...more,
});
const clean = {
  Users: [user(1), user(2)],
  openAi_keys: [{ _id: id(3), user: id(1), organization_id: `${mark}-organization`, api_key: `sk-${mark}` }],
  systemServices: [
    { _id: id(4), name: 'n', serviceUrl: `https://u:${mark}@host`, servicePassword: mark, serviceKey: mark, description: mark },
  ],
};
const dirty = {
  ...clean,
  Users: [
    user(1),
    user(2, { email: `${mark}.1@example.com` }),
    // A value of the wrong type, a field nobody knows, a date that is none, a NUL character, an `_id` that is text.
    user(5, { created_on: `${mark} no date`, secretOfOurs: mark, name: `${mark}\0`, watching_accountsIDs: [mark, id(77)] }),
    { _id: id(6), name: mark },
  ],
  crm_Accounts: [{ _id: id(8), name: mark, assigned_to: mark, watchers: mark }],
  Boards: [{ _id: id(9), title: mark, description: mark, user: mark }],
  notesOfOurs: [{ _id: id(10), text: mark }],
};

async function dumpOf(place: Workplace, content: Parameters<typeof writeDump>[1]): Promise<string> {
  await writeDump(join(place.folder, 'dump', 'nextcrm'), content);
  return dumpUrl(join(place.folder, 'dump'));
}

/** Greps the output and every file of the volume; fails where there was nothing to look into. */
async function assertSilent(place: Workplace, ...outputs: string[]): Promise<void> {
  const files = (await readdir(place.volume, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  assert.ok(files.length > 0);
  const texts = new Map(outputs.map((output, index): [string, string] => [`output ${index}`, output]));
  for (const { parentPath, name } of files) texts.set(name, await readFile(join(parentPath, name), 'latin1'));
  for (const [where, text] of texts) {
    const reported = text.split('\n').filter((line) => line.toLowerCase().includes(mark));
    assert.equal(reported, [], where);
  }
}

async function inDatabase(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

test('a canary would be found', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const run = await place.run([], {
    MONGODB_URL: await dumpOf(place, { Users: [user(1)], [`x${mark}`]: [{ _id: 1 }] }),
    DATABASE_URL: database.url,
  });
  assert.is(run.exit, 0, run.output);
  let silent = true;
  await assertSilent(place, run.output).catch(() => (silent = false));
  // The name of a collection is no secret: reports name it.
  assert.is(silent, false);
});

test('a clean run, its verification and its status tell none', async () => {
  await using database = await freshDatabase({ password });
  await using place = await workplace();
  const environment = { MONGODB_URL: await dumpOf(place, clean), DATABASE_URL: database.url };
  const run = await place.run([], environment);
  assert.is(run.exit, 0, run.output);
  const verified = await place.run(['verify'], environment);
  assert.is(verified.exit, 0, verified.output);
  const status = await place.run(['status'], environment);
  await assertSilent(place, run.output, verified.output, status.output);
});

test('a run with rejected documents, changes and leftovers tells none', async () => {
  await using database = await freshDatabase({ password });
  await using place = await workplace();
  const run = await place.run([], { MONGODB_URL: await dumpOf(place, dirty), DATABASE_URL: database.url });
  assert.is(run.exit, 1, run.output);
  assert.ok((await place.report()).findings.length > 2);
  await assertSilent(place, run.output);
});

test('a row that the server refuses, quoting it in its error, tells none', async () => {
  await using database = await freshDatabase({ password });
  await using place = await workplace();
  const environment = { MONGODB_URL: await dumpOf(place, clean), DATABASE_URL: database.url };
  const killed = await killedRun(place, environment, { step: 'load', messages: 0, passes: false });
  await inDatabase(database.url, `alter table public."Users" add constraint nobody check (email <> '${mark}.1@example.com')`);
  const run = await place.run([], environment);
  assert.is(run.exit, 1, run.output);
  assert.match(await readFile(join(place.volume, 'rejects.jsonl'), 'utf8'), /SERVER_REFUSED/);
  await assertSilent(place, killed.output, run.output);
});

test('a statement that fails for good, quoting a value in its error, tells none', async () => {
  await using database = await freshDatabase({ password });
  await using place = await workplace();
  const environment = { MONGODB_URL: await dumpOf(place, clean), DATABASE_URL: database.url };
  const killed = await killedRun(place, environment, { step: 'index', messages: 0, passes: false });
  // The unique index cannot come back: the server's detail names the e-mail.
  await inDatabase(database.url, `insert into public."Users" (id, email) select gen_random_uuid(), email from public."Users"`);
  const run = await place.run([], environment);
  assert.ok(run.exit !== 0, run.output);
  assert.match(run.output, /Building|Build keys/);
  await assertSilent(place, killed.output, run.output);
});

test('a damaged document and a damaged file tell none', async () => {
  await using database = await freshDatabase({ password });
  await using place = await workplace();
  const cut = Buffer.from(`\x40\0\0\0\x02name\0\x20\0\0\0${mark}`, 'latin1');
  const run = await place.run([], { MONGODB_URL: await dumpOf(place, { Users: [user(1), cut] }), DATABASE_URL: database.url });
  assert.is(run.exit, 1, run.output);
  await assertSilent(place, run.output);
});

test('logins and servers that are refused, missing or misspelt tell no part of a URL', async () => {
  await using server = await throwAwayServer();
  await using place = await workplace();
  const dump = await dumpOf(place, clean);
  const at = new URL(server.url).host;
  const outputs: string[] = [];
  // A server that is not there is waited for a minute: meanwhile the others.
  await using elsewhere = await workplace();
  const away = elsewhere.run([], { MONGODB_URL: dump, DATABASE_URL: `postgres://postgres:${encoded}@127.0.0.1:1/postgres` });
  const targets = [
    [`postgres://postgres:${encoded}@${at}/postgres`, 4],
    [`postgres://${mark}:${encoded}@${at}/postgres`, 4],
    [`postgres://postgres:${encoded}@${mark}.invalid/postgres?nonsense=${mark}`, 2],
    [`postgres://postgres:${password}@${at}/postgres`, null],
    [`mongodb://u:${encoded}@${at}/nextcrm`, 2],
  ] as const;
  for (const [url, exit] of targets) {
    const run = await place.run([], { MONGODB_URL: dump, DATABASE_URL: url });
    if (exit === null) assert.ok(run.exit === 2 || run.exit === 4, run.output);
    else assert.is(run.exit, exit, run.output);
    // The name of a host or of a user helps to find the mistake: it is what a person looks for.
    outputs.push(run.output.replaceAll(`${mark}.invalid`, 'host').replaceAll(`${mark}@`, 'user@'));
  }
  const sources = [
    [`mongodb://u:${encoded}@127.0.0.1:1/nextcrm?serverSelectionTimeoutMS=500`, 3],
    [`mongodb://u:${password}@127.0.0.1:1/nextcrm?serverSelectionTimeoutMS=500`, null],
    [`mongodb://u:${encoded}@127.0.0.1:1/nextcrm?nonsense=${mark}`, 2],
    [`postgres://u:${encoded}@127.0.0.1:1/nextcrm`, 2],
  ] as const;
  await using database = await freshDatabase({ password });
  for (const [url, exit] of sources) {
    const run = await place.run([], { MONGODB_URL: url, DATABASE_URL: database.url });
    if (exit === null) assert.ok(run.exit === 2 || run.exit === 3, run.output);
    else assert.is(run.exit, exit, run.output);
    outputs.push(run.output);
  }
  const { exit, output } = await away;
  assert.is(exit, 4, output);
  await assertSilent(elsewhere, output);
  await assertSilent(place, ...outputs);
});

test('Prisma, when it cannot reach or use the server, tells none', async () => {
  await using database = await freshDatabase({ password });
  await using place = await workplace();
  const environment = { MONGODB_URL: await dumpOf(place, clean), DATABASE_URL: database.url };
  // A relation of the same name as one that a migration is about to make.
  const killed = await killedRun(place, environment, { step: 'schema', messages: 0, passes: false });
  await inDatabase(
    database.url,
    `create table public."${titles.schema}" (a text default '${mark}'); create type public."DocumentSystemType" as enum ('x')`,
  );
  const run = await place.run([], environment);
  assert.is(run.exit, 4, run.output);
  assert.match(run.output, /TARGET_SCHEMA_REFUSED/);
  await assertSilent(place, killed.output, run.output);
});

test.run();
