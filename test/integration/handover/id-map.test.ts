/** Old ids: the map over every document that has a row, the functions both ways, and the recipes of docs/hand-over.md. */
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { blocksOf } from '../../support/document.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from '../validate/migrated.ts';
import { richContent } from '../validate/rich-dump.ts';

const { collections } = nextcrm;

const test = suite('old ids');
let place: Migrated;

test.before(async () => {
  place = await migrated(richContent);
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

const ask = (text: string) => place.target.query(text);
const one = async (text: string) => Object.values((await ask(text))[0] ?? {})[0];

test('every row of every table is in the map once, and nothing else is', async () => {
  const rows = collections
    .map(({ collection }) => `select '${collection}' as collection, id from public."${collection}"`)
    .join(' union all ');
  assert.ok(Number(await one('select count(*) from nextcrm_migration.id_map')) > 50);
  assert.equal(
    await ask(`(select collection, id from nextcrm_migration.id_map except all (${rows}))
      union all ((${rows}) except all select collection, id from nextcrm_migration.id_map)`),
    [],
  );
});

test('it holds ids that are no ObjectIds as well as those that are', async () => {
  assert.ok(Number(await one(`select count(*) from nextcrm_migration.id_map where source_id ~ '^[0-9a-f]{24}$'`)) > 0);
  assert.ok(Number(await one(`select count(*) from nextcrm_migration.id_map where source_id !~ '^[0-9a-f]{24}$'`)) > 0);
});

test('the functions lead from each ObjectId of the map to its id and back', async () => {
  assert.equal(
    await ask(`select source_id, id from nextcrm_migration.id_map where source_id ~ '^[0-9a-f]{24}$'
      and (nextcrm_migration.uuid_of(source_id) is distinct from id or nextcrm_migration.object_id_of(id) is distinct from source_id)`),
    [],
  );
});

test('the functions take digits in any case, and give NULL for what is no ObjectId', async () => {
  assert.is(
    await one(`select nextcrm_migration.uuid_of('65A1B2C3D4E5F60718293A4B')::text`),
    '65a1b2c3-d4e5-8f60-8718-293a4b000000',
  );
  for (const text of [
    '',
    '65a1b2c3d4e5f60718293a4',
    '65a1b2c3d4e5f60718293a4bc',
    'x5a1b2c3d4e5f60718293a4b',
    '65a1b2c3d4e5f60718293a4b\n',
  ])
    assert.is(await one(`select nextcrm_migration.uuid_of('${text}')`), null, JSON.stringify(text));
  assert.is(await one('select nextcrm_migration.object_id_of(gen_random_uuid())'), null);
  assert.is(await one('select nextcrm_migration.uuid_of(null)'), null);
});

test('an old id is found by an index, and so is a new one', async () => {
  await place.target.script('begin; set local enable_seqscan = off');
  const plan = async (where: string) =>
    JSON.stringify(await ask(`explain select * from nextcrm_migration.id_map where ${where}`));
  assert.match(await plan(`source_id = '65a1b2c3d4e5f60718293a4b'`), 'id_map_source_id');
  assert.match(await plan(`id = '65a1b2c3-d4e5-8f60-8718-293a4b000000'`), 'id_map_id');
  await place.target.script('rollback');
});

test('the map is still there when the app has deleted the row and dropped the table', async () => {
  await place.target.script('begin');
  const before = await one(`select count(*) from nextcrm_migration.id_map where collection = 'Invoices'`);
  await place.target.script('delete from "Invoices"; drop table "Invoices" cascade');
  assert.is(await one(`select count(*) from nextcrm_migration.id_map where collection = 'Invoices'`), before);
  await place.target.script('rollback');
});

test('the SQL of docs/hand-over.md runs as it stands', async () => {
  const blocks = (await blocksOf('docs/hand-over.md')).filter(({ info }) => info === 'sql');
  assert.is(blocks.length, 5);
  for (const { text } of blocks) {
    await place.target.script('begin');
    await place.target.script(text);
    await place.target.script('rollback');
  }
});

test('the pattern of docs/hand-over.md makes of an old link what the function makes of the id', async () => {
  const blocks = await blocksOf('docs/hand-over.md');
  const [pattern = '', replacement = ''] = blocks.find(({ info }) => info === 'regex')?.text.split('\n') ?? [];
  const redirect = (path: string) => path.replace(new RegExp(pattern), replacement);
  const ids = await ask(
    `select source_id, id::text as id from nextcrm_migration.id_map where source_id ~ '^[0-9a-f]{24}$' limit 50`,
  );
  assert.ok(ids.length > 10);
  for (const { source_id, id } of ids) {
    assert.is(redirect(`/crm/accounts/${source_id}`), `/crm/accounts/${id}`);
    assert.is(redirect(`/cz/crm/accounts/${source_id}/edit`), `/cz/crm/accounts/${id}/edit`);
    assert.is(redirect(`/crm/accounts/${id}`), `/crm/accounts/${id}`);
  }
  for (const path of [
    '/crm/accounts',
    '/',
    '/crm/accounts/65a1b2c3d4e5f60718293a4bc',
    '/_next/static/65a1b2c3d4e5f60718293a4b.js',
  ])
    assert.is(redirect(path), path);
  const nginx = blocks.find(({ info }) => info === 'nginx')?.text ?? '';
  assert.ok(nginx.replace('?<tail>', '').includes(`"${pattern}"`), 'the rule of nginx has another pattern');
});

test.run();
