/** The committed sample dump is what the generator makes, what docs/sample.md says, and complete by the catalog. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { suite } from '../../support/suite.ts';
import { deviationsIn } from './deviations.ts';
import { documentsOf, filesOf } from './dump.ts';
import { withSample } from './made.ts';

const { collections, junctions } = nextcrm;

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'sample/nextcrm');
const sample = documentsOf(folder);
const test = suite('sample: the committed dump');

test('making it again gives the same files with the same content', async () => {
  await withSample({ gzip: true }, (again) => {
    const committed = filesOf(folder);
    const remade = filesOf(again);
    assert.equal([...remade.keys()], [...committed.keys()]);
    for (const [name, bytes] of committed) assert.ok(remade.get(name)?.equals(bytes), `${name} differs`);
  });
});

test('it has 10,000 documents, 8,000 of them users, in under 2 MB', () => {
  const documents = [...sample.values()].reduce((sum, { length }) => sum + length, 0);
  assert.is(documents, 10_000);
  assert.is(sample.get('Users')?.length, 8_000);
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  assert.ok(bytes < 2_000_000, `${bytes} bytes`);
});

test('every collection and every field of the catalog occurs with a value', () => {
  const absent: string[] = [];
  for (const { collection, columns, links } of collections) {
    const documents = sample.get(collection) ?? [];
    if (documents.length === 0) absent.push(collection);
    for (const field of [...Object.keys(columns), ...Object.keys(links)]) {
      if (!documents.some((document) => (document[field] ?? null) !== null)) absent.push(`${collection}.${field}`);
    }
  }
  assert.equal(absent, []);
});

test('nullable fields are null in some documents and missing in others', () => {
  for (const [collection, field] of [
    ['Users', 'lastLoginAt'],
    ['crm_Accounts', 'description'],
    ['crm_Contacts', 'updatedBy'],
    ['Invoices', 'partner_IBAN'],
  ] as const) {
    const documents = sample.get(collection) ?? [];
    assert.ok(
      documents.some((document) => document[field] === null),
      `${collection}.${field} is never null`,
    );
    assert.ok(
      documents.some((document) => !(field in document)),
      `${collection}.${field} is never missing`,
    );
  }
});

test('ids ascend in every collection and none repeats', () => {
  for (const [collection, documents] of sample) {
    const ids = documents.map(({ _id }) => String(_id));
    assert.equal(ids, [...new Set(ids)].sort(), collection);
  }
});

test('the times in the ids of users spread over years', () => {
  const years = new Set((sample.get('Users') ?? []).map(({ _id }) => _id.getTimestamp().getUTCFullYear()));
  assert.equal([...years], [2019, 2020, 2021, 2022, 2023, 2024, 2025]);
});

test('each relation has pairs that stand on the left only, on the right only, and on both sides', () => {
  for (const { table, left, right } of junctions) {
    const fromLeft = pairs(table, 'left', left.collection);
    const fromRight = pairs(table, 'right', right.collection);
    assert.ok(fromLeft.size > 0, `${table}: nothing on the left`);
    if (fromRight === none) continue;
    assert.ok(fromLeft.difference(fromRight).size > 0, `${table}: nothing on the left only`);
    assert.ok(fromRight.difference(fromLeft).size > 0, `${table}: nothing on the right only`);
    assert.ok(fromLeft.intersection(fromRight).size > 0, `${table}: nothing on both sides`);
  }
});

const none: ReadonlySet<string> = new Set();

function pairs(junction: string, side: 'left' | 'right', collection: string): ReadonlySet<string> {
  const links = Object.entries(collections.find((spec) => spec.collection === collection)?.links ?? {});
  const array = links.find(([, link]) => link.junction === junction && link.side === side)?.[0];
  if (array === undefined) return none;
  const found = new Set<string>();
  for (const { _id: id, [array]: partners } of sample.get(collection) ?? []) {
    for (const partner of [partners ?? []].flat()) found.add(side === 'left' ? `${id} ${partner}` : `${partner} ${id}`);
  }
  return found;
}

test('its dirt is what docs/sample.md says, and nothing else', () => {
  assert.equal(rows(deviationsIn(sample)), documented('usual'));
});

test('none of its dirt rejects a document', () => {
  const kinds = [...deviationsIn(sample).keys()];
  assert.ok(kinds.length > 20);
  assert.equal(
    kinds.filter((kind) => kind.includes('rejected')),
    [],
  );
});

test("one comment names an account's task twice, and two different ones", () => {
  const accountTasks = new Set((sample.get('crm_Accounts_Tasks') ?? []).map(({ _id }) => String(_id)));
  const other = ({ task, assigned_crm_account_task: assigned }: { task?: unknown; assigned_crm_account_task?: unknown }) =>
    accountTasks.has(String(task)) && (assigned ?? null) !== null && String(assigned) !== String(task);
  assert.is((sample.get('tasksComments') ?? []).filter(other).length, 1);
});

test('with --dirty, what is rejected is what docs/sample.md says', async () => {
  await withSample({ dirt: 'rejected too' }, (dirty) => {
    const rejected = [...deviationsIn(documentsOf(dirty))].filter(([kind]) => kind.includes('rejected'));
    assert.equal(rows(new Map(rejected)), documented('rejected'));
  });
});

test('passwords and keys say that they are fake', () => {
  for (const [collection, field] of [
    ['Users', 'password'],
    ['openAi_keys', 'api_key'],
    ['secondBrain_notions', 'notion_api_key'],
    ['systemServices', 'serviceKey'],
    ['systemServices', 'servicePassword'],
  ] as const) {
    const secrets = (sample.get(collection) ?? []).map((document) => document[field] ?? null).filter((secret) => secret !== null);
    assert.ok(secrets.length > 0);
    assert.ok(secrets.every((secret) => String(secret).includes('fake')));
  }
});

/** `kind: Collection.field n`, sorted. */
function rows(deviations: ReturnType<typeof deviationsIn>): string[] {
  return [...deviations].flatMap(([kind, places]) => [...places].map(([place, count]) => `${kind}: ${place} ${count}`)).sort();
}

/** The same of a table of docs/sample.md. */
function documented(name: 'usual' | 'rejected'): string[] {
  const text = readFileSync(join(root, 'docs/sample.md'), 'utf8');
  const table = text.split(`<!-- dirt:${name} -->`)[1]?.split('<!-- /dirt -->')[0] ?? '';
  const found: string[] = [];
  for (const [, kind, places = ''] of table.matchAll(/^\| ([^|`]+) \| (`[^|]+) \|/gm)) {
    for (const [, place, count] of places.matchAll(/`([^`]+)` (\d+)/g)) found.push(`${kind}: ${place} ${count}`);
  }
  return found.sort();
}

test.run();
