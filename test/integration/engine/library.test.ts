/** How generic the engine is: another application, passed in as a value, is loaded, resolved, linked, indexed and proved. */
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Catalog } from '../../../src/catalog/index.ts';
import type { Layer } from '../../../src/findings/finding.ts';
import { readRejectCounts } from '../../../src/ledger/findings.ts';
import { openSource } from '../../../src/source/open.ts';
import type { Run } from '../../../src/state/run.ts';
import { completeStep, createRun } from '../../../src/state/transitions.ts';
import { restoreKeysAndIndexes } from '../../../src/steps/index.ts';
import { link } from '../../../src/steps/link.ts';
import { load } from '../../../src/steps/load/load.ts';
import { resolve } from '../../../src/steps/resolve/resolve.ts';
import type { Session } from '../../../src/target/session.ts';
import { readStructure } from '../../../src/target/structure.ts';
import { suspend } from '../../../src/target/suspended.ts';
import { type ValidationResult, validate } from '../../../src/validate/validate.ts';
import { temporaryFolder, writeDump } from '../../support/dump.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { silent } from '../validate/migrated.ts';
import { book, content, created, library, libraryWith, reader, shelf, tablesSql } from './library.ts';

const test = suite('a second application');
const { signal } = new AbortController();
const place = new AsyncDisposableStack();
let session: Session;
let proved: () => Promise<ValidationResult>;

test.before(async () => {
  const folder = place.use(await temporaryFolder());
  await writeDump(join(folder.path, 'library'), content);
  const source = place.use(await openSource(`${folder.url}/library`, { signal }));
  const database = place.use(await freshDatabase());
  session = place.use(await testSession(database.url));
  await session.script(tablesSql);
  const catalog = libraryWith(await readStructure((text) => session.query(text), library.naming));
  const run = await begun(source);
  await load({ session, catalog, source, run, progress: silent, signal, committed: () => undefined });
  await resolve({ session, catalog, source, run, progress: silent, signal });
  await link(session, catalog);
  await restoreKeysAndIndexes(session, catalog, silent, signal);
  proved = () =>
    validate({ catalog, source, target: session, run, progress: silent, signal, upgraded: false, readModels: async () => [] });
});
test.after(() => place.disposeAsync());

/** In place of the steps "check" and "schema", whose tables are Prisma's. */
async function begun({
  kind,
  database,
  description,
}: {
  kind: Run['sourceKind'];
  database: string;
  description: string;
}): Promise<Run> {
  const run = await createRun(session, {
    appliance: 'test',
    sourceKind: kind,
    sourceDatabase: database,
    sourceDescription: description,
  });
  await suspend(session, tables);
  await completeStep(session, 'schema');
  return run;
}

const tables = ['shelves', 'books', 'readers', 'loans'] as const satisfies readonly (keyof Catalog['structure']['tables'])[];

/** As the conversion makes it of an ObjectId: version 8, filled up with zeros. */
function idOf(objectId: { toHexString(): string }): string {
  const hex = objectId.toHexString();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18)}000000`;
}

const rows = (text: string) => session.query<Record<string, unknown>>(text);

test('every row, reference and pair is there as the value of the application says', async () => {
  assert.equal(await rows('select id::text, label, floor from shelves order by id'), [
    { id: idOf(shelf(1)), label: 'A', floor: 2 },
    { id: idOf(shelf(2)), label: 'B', floor: 0 },
  ]);
  assert.equal(
    await rows(
      'select title, pages::text, language::text, printed::text, shelf::text, sequels::text, bought::text from books order by id',
    ),
    [
      {
        title: 'Ars Amatoria',
        pages: '120',
        language: 'LA',
        printed: '{"place": "Praha", "editions": [1890, 1902]}',
        shelf: idOf(shelf(1)),
        sequels: `{${idOf(book(2))},${idOf(book(3))}}`,
        bought: '2024-02-29 12:00:00',
      },
      {
        title: 'Remedia',
        pages: '61',
        language: 'LA',
        printed: null,
        shelf: idOf(shelf(1)),
        sequels: '{}',
        bought: created,
      },
      {
        title: 'R.U.R.',
        pages: null,
        language: 'CS',
        printed: null,
        shelf: null,
        sequels: '{}',
        bought: created,
      },
    ],
  );
  assert.equal(await rows('select card, adult from readers order by id'), [
    { card: '0001', adult: true },
    { card: '0002', adult: true },
  ]);
  assert.equal(
    await rows('select book::text, reader::text from loans order by 1, 2'),
    [
      [1, 1],
      [2, 1],
      [3, 2],
    ].map(([one = 0, other = 0]) => ({ book: idOf(book(one)), reader: idOf(reader(other)) })),
  );
});

test('what was changed, unmapped and rejected is recorded', async () => {
  const changes = await rows(
    "select collection || '.' || field || ' ' || code as change from nextcrm_migration.change order by 1",
  );
  assert.equal(
    changes.map(({ change }) => change),
    [
      'books.borrowers LINK_DANGLING',
      'books.bought DEFAULTED',
      'books.bought DEFAULTED',
      'books.language ENUM_CASE',
      'books.pages ROUNDED',
      'books.shelf DANGLING_REFERENCE',
      'books.shelf REFERENCE_MERGED',
      'readers.adult BOOL_FROM_VALUE',
      'shelves.floor DEFAULTED',
    ],
  );
  assert.equal(await rows('select collection, field from nextcrm_migration.leftover order by 1, 2'), [
    { collection: 'books', field: 'colour' },
    { collection: 'wishes', field: null },
  ]);
  assert.equal((await readRejectCounts(session)).map(({ collection, code }) => `${collection} ${code}`).sort(), [
    'books MISSING_REQUIRED',
    'readers DUPLICATE_KEY',
    'shelves DUPLICATE_KEY',
  ]);
});

test('all four layers of the proof compare, and find nothing', async () => {
  const { findings, layers } = await proved();
  assert.equal(findings, []);
  for (const [name, { status, compared }] of Object.entries(layers)) assert.ok(status === 'passed' && compared > 0, name);
});

interface Damage {
  readonly sql: string;
  readonly layer: Layer;
  /** Code and place. */
  readonly found: string;
}

const damages: readonly Damage[] = [
  { sql: "update books set title = 'Amores' where pages = 120", layer: 'records', found: 'FIELD_DIFFERS books title' },
  { sql: 'update books set printed = null', layer: 'records', found: 'FIELD_DIFFERS books printed' },
  { sql: "update books set language = 'EN' where language = 'CS'", layer: 'records', found: 'FIELD_DIFFERS books language' },
  { sql: 'update books set sequels = sequels[2:]', layer: 'records', found: 'FIELD_DIFFERS books sequels' },
  { sql: "delete from readers where card = '0002'", layer: 'records', found: 'ROW_MISSING readers' },
  { sql: 'insert into readers (id, card) select gen_random_uuid(), 9', layer: 'records', found: 'ROW_EXTRA readers' },
  { sql: 'update books set shelf = null', layer: 'references', found: 'REFERENCE_LOST books shelf' },
  { sql: 'delete from loans', layer: 'references', found: 'LINK_MISSING readers borrowed' },
  {
    sql: 'insert into loans select b.id, r.id from books b, readers r on conflict do nothing',
    layer: 'references',
    found: 'LINK_EXTRA loans book',
  },
  {
    sql: "update nextcrm_migration.progress set read = 3 where collection = 'books'",
    layer: 'counts',
    found: 'COUNT_MISMATCH books',
  },
  { sql: "delete from nextcrm_migration.leftover where collection = 'wishes'", layer: 'records', found: 'LEFTOVER_WRONG wishes' },
  { sql: 'drop index readers_card', layer: 'types', found: 'CATALOG_DIFFERS readers index readers_card' },
  { sql: 'alter table books alter pages type integer', layer: 'types', found: 'CATALOG_DIFFERS books pages' },
];

for (const { sql, layer, found } of damages)
  test(`a damage planted there is found: ${sql}`, async () => {
    await session.script('begin');
    try {
      await session.script(sql);
      const { findings, layers } = await proved();
      const all = findings.map(({ code, collection, field }) => [code, collection, field].filter(Boolean).join(' '));
      assert.ok(all.includes(found), `found instead: ${all.join(', ')}`);
      assert.is(layers[layer].status, 'failed');
    } finally {
      await session.script('rollback');
    }
  });

test.run();
