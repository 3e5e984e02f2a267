import * as assert from 'uvu/assert';
import type { Session } from '../../../src/target/session.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { makeTables } from '../../support/prisma.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('full text');
let database: TestDatabase;
let session: Session;

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
  await makeTables(session);
});

test.after(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** Distinct letters of four bytes, two by two with hyphens: each word is indexed whole and in its parts. */
const worstText = `
  select string_agg(chr(131072 + g % 40000) || chr(131072 + g * 7 % 40000) || case when g % 100 = 0 then ' ' else '-' end, '' order by g)
  from generate_series(1, 60000) g`;

test('an app that writes a text of distinct words beyond the limit of tsvector is not refused', async () => {
  const [row] = await session.query<{ length: number }>(`select length((${worstText}))`);
  assert.ok((row?.length ?? 0) > 100_000);
  await session.script(`insert into "Documents" (id, document_name, "document_file_mimeType", document_file_url, description)
    values (gen_random_uuid(), 'long', 'a', 'b', (${worstText}))`);
  await session.script(`insert into "Documents" (id, document_name, "document_file_mimeType", document_file_url, description)
    values (gen_random_uuid(), 'longer', 'a', 'b', (select string_agg('word' || g, ' ') from generate_series(1, 1000000) g))`);
  await session.script('drop index "fts_Documents"');
  await session.script(`create index "fts_Documents" on "Documents"
    using gin (to_tsvector('simple', nextcrm_search_text(array[document_name, description])))`);
});

test('without the cut it would be refused', async () => {
  await session
    .query(`select to_tsvector('simple', (select string_agg('word' || g, ' ') from generate_series(1, 1000000) g))`)
    .then(
      () => assert.unreachable(),
      (error: Error) => assert.match(`${error.message} ${String(error.cause)}`, /too long for tsvector|54000/),
    );
});

test('a word of any element of an array is found through the index, and an empty value is no hindrance', async () => {
  await session.script(`
    insert into "crm_Contacts" (id, last_name, notes) values (gen_random_uuid(), 'Novák', array['first note', 'zweite Notiz']);
    insert into "crm_Contacts" (id, last_name) values (gen_random_uuid(), 'Dvořák');
    insert into "crm_Contacts" (id, last_name, first_name, notes) values (gen_random_uuid(), 'Notiz', null, array[null, '']::text[]);
    set enable_seqscan = off`);
  const search = `from "crm_Contacts" where to_tsvector('simple', nextcrm_search_text(array[first_name, last_name] || notes))
    @@ to_tsquery('simple', 'notiz')`;
  const found = await session.query(`select last_name ${search} order by 1`);
  assert.equal(
    found.map((row) => row['last_name']),
    ['Notiz', 'Novák'],
  );
  const plan = await session.query(`explain select ${search.replace('from', 'last_name from')}`);
  assert.match(JSON.stringify(plan), 'fts_crm_Contacts');
});

test.run();
