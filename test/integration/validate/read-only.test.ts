/** `verify` only reads: shown by roles that may do no more, and by what the server itself says that it was asked. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Session } from '../../../src/target/session.ts';
import { writeDump } from '../../support/dump.ts';
import { type OwnServer, ownServer } from '../../support/own-server.ts';
import { dumpUrl, type Workplace, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { richContent } from './rich-dump.ts';

const test = suite('verify only reads');
let server: OwnServer;
let place: Workplace;
let admin: Session;
let source: string;

/** A server of its own, which writes down each statement, with a migration whose findings were accepted. */
test.before(async () => {
  server = await ownServer();
  {
    await using first = await testSession(server.url);
    for (const setting of ['logging_collector = on', "log_destination = 'jsonlog'", "log_statement = 'all'"])
      await first.script(`alter system set ${setting}`);
  }
  await server.kill();
  await server.start();
  admin = await testSession(server.url);
  place = await workplace();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), richContent);
  source = dumpUrl(join(place.folder, 'dump'));
  const ended = await place.run([], { MONGODB_URL: source, DATABASE_URL: server.url });
  assert.is(ended.exit, 1, ended.output);
  const accepted = await place.run(['accept', (await place.report()).id], { DATABASE_URL: server.url });
  assert.is(accepted.exit, 0, accepted.output);
});
test.after(async () => {
  await admin[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test("the server's log shows what the migration itself has written", async () => {
  const words = new Set((await statements('')).filter(writes).map((statement) => /\w+/.exec(statement)?.[0].toLowerCase()));
  for (const word of ['create', 'copy', 'insert', 'update', 'drop']) assert.ok(words.has(word), word);
});

test('a role that may do nothing but SELECT is enough, and no statement of verify writes', async () => {
  await admin.script(`create role reader login password 'reader'; revoke temporary on database postgres from public`);
  const schemas = await admin.query<{ name: string }>(
    "select quote_ident(nspname) as name from pg_namespace where nspname = 'public' or nspname like 'nextcrm%'",
  );
  for (const { name } of schemas)
    await admin.script(`grant usage on schema ${name} to reader; grant select on all tables in schema ${name} to reader`);
  const url = new URL(server.url);
  [url.username, url.password] = ['reader', 'reader'];
  const before = await contentOf(join(place.folder, 'dump'));
  const mark = await now();
  const verified = await place.run(['verify'], { MONGODB_URL: source, DATABASE_URL: url.href });
  assert.is(verified.exit, 0, verified.output);
  assert.is((await place.report()).command, 'verify');
  assert.equal(await contentOf(join(place.folder, 'dump')), before, 'the source is as it was');

  const asked = await statements(mark);
  assert.equal(asked.filter(writes).map(shortened), []);
  assert.ok(asked.length > 200, `${asked.length} statements`);
  for (const part of [/FROM "public"\."Users"/, /^copy \(select "id"/i, /vector/, /nextcrm_migration\.change/])
    assert.ok(
      asked.some((statement) => part.test(statement)),
      `the log holds ${part}`,
    );
});

test('a database that takes no writes is enough, and what a later release has dropped stops nothing', async () => {
  await admin.script(`delete from public."Tasks"; drop table public."DocumentsToInvoices"; drop table public."openAi_keys";
    alter table public."crm_Accounts" drop column email;
    insert into public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
    values ('later', 'x', '20270101000000_later', now(), now(), 1);
    alter database postgres set default_transaction_read_only = on`);
  const verified = await place.run(['verify'], { MONGODB_URL: source, DATABASE_URL: server.url });
  assert.is(verified.exit, 1, verified.output);
  const { findings } = await place.report();
  for (const [code, collection] of [
    ['ROW_MISSING', 'Tasks'],
    ['FIELD_DIFFERS', 'crm_Accounts'],
    ['UPGRADE_VALUES_LOST', 'crm_Accounts'],
  ]) {
    const found = findings.find((finding) => finding.code === code && finding.collection === collection);
    assert.ok(found, `${code} ${collection}`);
  }
  // The copies have what these tables had.
  const places = findings.map(({ collection }) => collection);
  for (const table of ['DocumentsToInvoices', 'openAi_keys', 'Documents']) assert.not.ok(places.includes(table), table);
});

async function now(): Promise<string> {
  const [row] = await admin.query<{ now: string }>('select clock_timestamp()::text as now');
  return row?.now ?? '';
}

const shortened = (statement: string) => statement.replaceAll(/\s+/g, ' ').slice(0, 200);

/** What the program asked since `mark`: of every session but the test's own. */
async function statements(mark: string): Promise<readonly string[]> {
  const rows = await admin.query<{ statement: string }>(
    `select (regexp_match(line->>'message', '^(?:statement|execute [^:]*): (.*)$', 's'))[1] as statement
     from pg_ls_logdir() f cross join lateral unnest(string_to_array(pg_read_file('log/' || f.name), E'\\n')) as text
     cross join lateral (select text::json as line) l
     where f.name like '%.json' and text like '{%}'
       and coalesce(line->>'application_name', '') not like 'nextcrm-migrate test%' and ($1 = '' or (line->>'timestamp')::timestamptz > $1::timestamptz)`,
    [mark],
  );
  return rows.map(({ statement }) => statement).filter((statement) => statement !== null);
}

/** Whatever is not known to read is taken to write. */
function writes(statement: string): boolean {
  const text = statement.replaceAll(/\s+/g, ' ').trim().toLowerCase();
  if (
    /^(begin|commit|rollback|show [a-z_.]+|set default_transaction_read_only = on|explain \(format json\) select [^;]*)$/.test(
      text,
    )
  )
    return false;
  if (/^copy \( ?select .*\) to stdout \(format binary\)$/.test(text)) return false;
  if (!/^select /.test(text)) return true;
  return /\b(into|nextval|setval|pg_advisory|for update|for share|lo_|pg_terminate_backend|dblink)\b/.test(withoutNames(text));
}

/** Names of columns and texts may hold any word. */
function withoutNames(text: string): string {
  return text.replaceAll(/"[^"]*"|'[^']*'/g, '');
}

async function contentOf(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { parentPath, name } of (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  ))
    files[join(parentPath, name)] = (await readFile(join(parentPath, name))).toString('base64');
  return files;
}

test.run();
