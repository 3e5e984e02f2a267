/** The inputs of public reports of faults (test/fixtures/public-cases), each through the real program. What is told of their files: test/unit/source/dump. */
import * as assert from 'uvu/assert';
import { loadableDatabase } from '../../support/loadable-database.ts';
import { onServer, urlOf } from '../../support/postgres.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { publicCase } from '../../support/public-cases.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('inputs of public reports');

interface Case {
  readonly exit: number;
  readonly findings?: readonly string[];
  /** Of what must be in the target: a query of one text, and the text. */
  readonly there: readonly (readonly [query: string, text: string])[];
}

const rowsOf = (table: string, rows: number) => [`select count(*)::text as text from public."${table}"`, String(rows)] as const;
const unmapped = (records: number) => ['select count(*)::text as text from nextcrm_migration.leftover', String(records)] as const;

const cases: Readonly<Record<string, Case>> = {
  'dupid-scale': {
    exit: 1,
    findings: ['DUPLICATE_ID crm_Leads 6000'],
    there: [['select count(*)::text as text from nextcrm_migration.reject', '6000']],
  },
  'unknown-noid-many': { exit: 0, there: [unmapped(500)] },
  'unknown-large-twins': { exit: 0, there: [unmapped(2)] },
  'id-badutf8-twins': { exit: 0, there: [rowsOf('crm_Accounts', 4)] },
  'enc-latin1-jsonkey': { exit: 0, there: [unmapped(1)] },
  'bson-tmp-part': { exit: 1, findings: ['SOURCE_FILE_UNREAD crm_Accounts 1'], there: [rowsOf('crm_Accounts', 0)] },
  'bson-zst': { exit: 1, findings: ['SOURCE_FILE_UNREAD crm_Accounts 1'], there: [rowsOf('crm_Accounts', 0)] },
  'case-names': {
    exit: 1,
    findings: ['COLLECTION_NAME_SIMILAR crm_accounts 1'],
    there: [rowsOf('crm_Accounts', 0), unmapped(2)],
  },
  'view-known-2': { exit: 1, findings: ['VIEW_NOT_COPIED Documents 1'], there: [rowsOf('Documents', 0)] },
  'view-meta-with-bson': { exit: 0, there: [rowsOf('crm_Accounts', 2)] },
  'meta-empty': { exit: 0, there: [rowsOf('crm_Accounts', 2)] },
  'meta-bom': { exit: 0, there: [rowsOf('crm_Accounts', 2)] },
  'gz-named-plain': { exit: 0, there: [rowsOf('crm_Accounts', 2)] },
  'nested-twice': { exit: 0, there: [rowsOf('crm_Accounts', 2)] },
  'bool-values': {
    exit: 0,
    there: [
      [`select string_agg(status::text, ' ' order by id) as text from public."crm_Contacts"`, 'true true true false false'],
    ],
  },
};

for (const [name, { exit, findings = [], there }] of Object.entries(cases)) {
  test(name, async () => {
    await using place = await workplace();
    await using database = await loadableDatabase();
    const url = dumpUrl(await publicCase(name, place.folder));
    const ended = await place.run([], { MONGODB_URL: url, DATABASE_URL: database.url });
    const report = await place.report();
    assert.equal(
      report.findings.map(({ code, collection, count }) => `${code} ${collection} ${count}`),
      findings,
    );
    assert.is(ended.exit, exit, ended.output);
    await using session = await testSession(database.url);
    for (const [query, text] of there) assert.is((await session.query<{ text: string }>(query))[0]?.text, text, query);
  });
}

for (const name of ['archive-in-folder', 'zip-folder']) {
  test(`${name} is refused`, async () => {
    await using place = await workplace();
    await using database = await loadableDatabase();
    const url = dumpUrl(await publicCase(name, place.folder));
    const ended = await place.run([], { MONGODB_URL: url, DATABASE_URL: database.url });
    assert.is(ended.exit, 2, ended.output);
    assert.match(ended.output, /SOURCE_DUMP_ARCHIVE/);
  });
}

test('enc-latin1-jsonkey into a database in LATIN1 is refused before the first write', async () => {
  await using place = await workplace();
  const name = `latin1_${process.pid}`;
  await onServer(`create database "${name}" template template0 encoding 'LATIN1' locale 'C'`);
  try {
    const url = dumpUrl(await publicCase('enc-latin1-jsonkey', place.folder));
    const ended = await place.run([], { MONGODB_URL: url, DATABASE_URL: urlOf(name) });
    assert.is(ended.exit, 4, ended.output);
    assert.match(ended.output, /TARGET_ENCODING/);
    await using session = await testSession(urlOf(name));
    assert.equal(await session.query(`select nspname from pg_namespace where nspname = 'nextcrm_migration'`), []);
  } finally {
    await onServer(`drop database "${name}" with (force)`);
  }
});

test.run();
