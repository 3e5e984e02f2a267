/** Full-text search as docs/hand-over.md shows it: through Prisma's raw SQL, by the index, in the app's four languages. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { PrismaClient } from '../../../src/prisma/client/client.ts';
import type { Session } from '../../../src/target/session.ts';
import { type Block, blocksOf } from '../../support/document.ts';
import { temporaryFolder } from '../../support/dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { adapterFor, makeTables } from '../../support/prisma.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('full-text search');
let database: TestDatabase;
let session: Session;
let client: PrismaClient;
let blocks: readonly Block[];

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
  await makeTables(session);
  client = new PrismaClient({ adapter: await adapterFor(database.url) });
  blocks = (await blocksOf('docs/hand-over.md')).filter(({ info }) => info.startsWith('sql search '));
  // Enough for an index to be worth it.
  await session.script(`
    insert into "crm_Accounts" (id, __v, name) select gen_random_uuid(), 0, 'Filler ' || md5(g::text) from generate_series(1, 20000) g;
    insert into "crm_Contacts" (id, last_name, first_name, notes)
      select gen_random_uuid(), md5(g::text), 'f' || g, array['n' || g] from generate_series(1, 20000) g;
    insert into "crm_Opportunities" (id, name, description) select gen_random_uuid(), md5(g::text), 'd' || g from generate_series(1, 20000) g;
    insert into "Tasks" (id, __v, title, content, priority, position)
      select gen_random_uuid(), 0, md5(g::text), 'c' || g, 'p', g from generate_series(1, 20000) g;
    insert into "Documents" (id, document_name, description, "document_file_mimeType", document_file_url)
      select gen_random_uuid(), md5(g::text), 'd' || g, 'm', 'u' from generate_series(1, 20000) g;
    insert into "crm_Accounts" (id, __v, name) select gen_random_uuid(), 0, name from unnest(array[
      'Žluťoučký kůň s.r.o.', 'Novák & synové', 'Müller Rechnungen GmbH', 'Straßenbau AG', 'Їжак і компанія', 'ТОВ Київський хліб',
      'The Winning Ones Ltd', 'To be or not to be']) name;
    insert into "crm_Contacts" (id, last_name, first_name, notes) values (gen_random_uuid(), 'Dvořák', 'Jiří', array['meet at the fair', 'volat ráno']);
    insert into "crm_Opportunities" (id, name, description) values (gen_random_uuid(), 'Großauftrag', 'renewal of the licence');
    insert into "Tasks" (id, __v, title, content, priority, position) values (gen_random_uuid(), 0, 'Call', 'зателефонувати вранці', 'p', 0);
    insert into "Documents" (id, document_name, description, "document_file_mimeType", document_file_url)
      values (gen_random_uuid(), 'contract.pdf', 'Smlouva o dílo', 'm', 'u');
    analyze`);
});
test.after(async () => {
  await client.$disconnect();
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function queryOf(name: string): string {
  const block = blocks.find(({ info }) => info === `sql search ${name}`);
  assert.ok(block !== undefined, `docs/hand-over.md has no query for ${name}`);
  return block.text;
}

async function found(name: string, words: string): Promise<readonly string[]> {
  const rows = await client.$queryRawUnsafe<Record<string, unknown>[]>(queryOf(name), words);
  return rows.map((row) => String(row['name'] ?? row['last_name'] ?? row['title'] ?? row['document_name']));
}

test('each of the five tables is searched by the query of the document, in every column of the index', async () => {
  assert.is(blocks.length, 6);
  assert.equal(await found('crm_Accounts', 'synové'), ['Novák & synové']);
  for (const words of ['dvořák', 'jiří', 'fair', 'volat', 'jiří ráno'])
    assert.equal(await found('crm_Contacts', words), ['Dvořák'], words);
  for (const words of ['großauftrag', 'licence']) assert.equal(await found('crm_Opportunities', words), ['Großauftrag'], words);
  for (const words of ['call', 'вранці']) assert.equal(await found('Tasks', words), ['Call'], words);
  for (const words of ['contract.pdf', 'smlouva']) assert.equal(await found('Documents', words), ['contract.pdf'], words);
});

test('the server answers each of them through the index, as a prepared statement too', async () => {
  for (const { info, text } of blocks) {
    const table = info.split(' ')[2];
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      await session.script(`set plan_cache_mode = ${mode}; prepare search(text) as ${text}`);
      const rows = await session.query<{ 'QUERY PLAN': string }>(`explain execute search('zateplovat')`);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      assert.match(plan, `Bitmap Index Scan on "fts_${table}"`, `${info}, ${mode}: ${plan}`);
      await session.script('deallocate search; reset plan_cache_mode');
    }
  }
});

test('words of all four languages are found in any case, with their accents, and no word is left out as meaningless', async () => {
  const cases: Record<string, string> = {
    'ŽLUŤOUČKÝ KŮŇ': 'Žluťoučký kůň s.r.o.',
    müller: 'Müller Rechnungen GmbH',
    straßenbau: 'Straßenbau AG',
    'їжак компанія': 'Їжак і компанія',
    КИЇВСЬКИЙ: 'ТОВ Київський хліб',
    winning: 'The Winning Ones Ltd',
    '"to be or not"': 'To be or not to be',
  };
  for (const [words, name] of Object.entries(cases)) assert.equal(await found('crm_Accounts', words), [name], words);
});

test('words are neither stemmed nor stripped of accents; their beginnings are found', async () => {
  for (const words of ['Rechnung', 'win', 'novak']) assert.equal(await found('crm_Accounts', words), [], words);
  const beginnings: Record<string, string> = {
    rechnung: 'Müller Rechnungen GmbH',
    win: 'The Winning Ones Ltd',
    nov: 'Novák & synové',
    'žlu ků': 'Žluťoučký kůň s.r.o.',
    київ: 'ТОВ Київський хліб',
  };
  for (const [words, name] of Object.entries(beginnings))
    assert.equal(await found('crm_Accounts beginnings', words), [name], words);
});

test('whatever is typed is no error', async () => {
  for (const words of [
    '',
    ' ',
    "'",
    '"',
    '"unclosed',
    '-',
    'a & | ! ( :*',
    '\\',
    'x\'; drop table "Users"; --',
    '😀',
    'or or',
    '%_',
    'a'.repeat(5000),
  ])
    for (const { info } of blocks) await found(info.slice('sql search '.length), words);
});

test('the function of the document works with the generated client', async () => {
  const text = (await blocksOf('docs/hand-over.md')).find(({ info }) => info === 'ts')?.text ?? '';
  await using folder = await temporaryFolder();
  // Below the checkout's own client, as in the app.
  const generated = fileURLToPath(new URL('../../../src/prisma/client/client.ts', import.meta.url));
  const path = join(folder.path, 'search.ts');
  await writeFile(path, text.replace('./client.ts', generated));
  const module = (await import(pathToFileURL(path).href)) as {
    searchAccounts(prisma: PrismaClient, words: string): Promise<readonly { readonly name: string }[]>;
  };
  assert.equal(
    (await module.searchAccounts(client, 'novák -gmbh')).map(({ name }) => name),
    ['Novák & synové'],
  );
});

test('the app saves and finds a text of more than 1 MB of distinct words', async () => {
  const words = Array.from({ length: 200_000 }, (_, index) => `word${index}`).join(' ');
  assert.ok(words.length > 1_000_000);
  const task = await client.tasks.create({ data: { v: 0, title: 'huge', priority: 'p', position: 1n, content: words } });
  await client.tasks.update({ where: { id: task.id }, data: { content: `${words} end`, title: 'huger' } });
  await client.crm_Contacts.create({ data: { last_name: 'huge', notes: [words, words] } });
  await client.crm_Opportunities.create({ data: { name: 'huge', description: words } });
  assert.equal(await found('Tasks', 'huger word77'), ['huger']);
  // Beyond the first 100,000 characters nothing is searched.
  assert.equal(await found('Tasks', 'word199999'), []);
});

test.run();
