/** Validation of a target that nothing is wrong with, whatever the source holds. */
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from './migrated.ts';
import { richContent } from './rich-dump.ts';

const test = suite('validation of a clean target');
let place: Migrated;

test.before(async () => {
  place = await migrated(richContent);
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

test('every type in every kind of column passes all four layers', async () => {
  const { findings, layers } = await place.proved();
  assert.equal(findings, []);
  for (const [name, { status, compared }] of Object.entries(layers)) {
    assert.is(status, 'passed', name);
    assert.ok(compared > 0, name);
  }
});

test('every document has been compared', async () => {
  const documents = Object.values(richContent).reduce((sum, list) => sum + list.length, 0);
  assert.is((await place.proved()).layers.records.compared, documents);
});

test('references that dangle are distinguished from those that a rejected document leaves', async () => {
  const { dangling } = await place.proved();
  assert.ok(dangling.inSource > 0);
  assert.ok(dangling.toRejected > 0);
});

test('fields are carried, changed or unmapped, and the sum is what was read', async () => {
  const { carried } = await place.proved();
  const rows = await place.target.query(`
    select p.collection, p.fields::int as fields,
      (select count(distinct (source_id, field)) from nextcrm_migration.change c
       where c.collection = p.collection and c.original is not null
         and not exists (select from nextcrm_migration.leftover l where l.collection = c.collection and l.source_id = c.source_id and l.field = c.field))::int as changed,
      (select count(*) from nextcrm_migration.leftover l where l.collection = p.collection)::int as leftover
    from nextcrm_migration.progress p where p.known and p.collection = 'Documents'`);
  for (const row of rows) {
    assert.ok(Number(row['fields']) > 0);
    assert.is(
      (carried['Documents'] ?? 0) + Number(row['changed']) + Number(row['leftover']) - Number(row['fields']),
      0,
      JSON.stringify(row),
    );
  }
});

test('nothing is written, not even a temporary table', async () => {
  await place.target.script('begin read only');
  try {
    assert.equal((await place.proved()).findings, []);
  } finally {
    await place.target.script('rollback');
  }
});

test.run();
