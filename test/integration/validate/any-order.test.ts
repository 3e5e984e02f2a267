/** A dump in any order: mongodump writes documents as they lie in the server's files, which is in no order of their ids. */
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { batchLimits } from '../../../src/validate/context.ts';
import type { TargetReader } from '../../../src/validate/target-reader.ts';
import type { DumpContent } from '../../support/dump.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from './migrated.ts';
import { richContent } from './rich-dump.ts';

const test = suite('validation of a dump in any order');

/** The same in every run: each place once, far from its neighbours. */
function scattered<T>(list: readonly T[]): T[] {
  const step = [7919, 104_729].find((prime) => list.length % prime !== 0) ?? 1;
  return list.map((_, n) => list[(n * step) % list.length] as T);
}

const orders: Readonly<Record<string, (list: DumpContent[string]) => DumpContent[string]>> = {
  reversed: (list) => [...list].reverse(),
  scattered: (list) => scattered(list),
};

async function withMigrated(content: DumpContent, work: (place: Migrated) => Promise<void>): Promise<void> {
  const place = await migrated(content);
  try {
    await work(place);
  } finally {
    await place[Symbol.asyncDispose]();
  }
}

for (const [name, order] of Object.entries(orders)) {
  test(`every type in every kind of column, ${name}: no difference`, async () => {
    const content = Object.fromEntries(Object.entries(richContent).map(([collection, list]) => [collection, order(list)]));
    await withMigrated(content, async (place) => {
      const { findings, layers } = await place.proved();
      assert.equal(findings, []);
      assert.is(
        layers.records.compared,
        Object.values(content).reduce((sum, list) => sum + list.length, 0),
      );
    });
  });
}

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const many = 20_000;

/** Collections of many batches, which refer to documents far away. */
const large = (): DumpContent => ({
  Users: scattered(
    Array.from({ length: many }, (_, n): Document => ({ _id: id(n), email: `${n}@example.org`, name: 'n'.repeat(100) })),
  ),
  crm_Accounts: scattered(
    Array.from(
      { length: many },
      (_, n): Document => ({
        _id: id(1_000_000 + n),
        name: `Account ${n}`,
        assigned_to: id((n * 31) % (many + 100)),
        watchers: [id((n * 17) % many)],
      }),
    ),
  ),
});

test('many batches in no order are fetched by their ids, a batch at a time, and what is wrong is found', async () => {
  await withMigrated(large(), async (place) => {
    let widest = 0;
    const watched: TargetReader = {
      query: (text, parameters) => place.target.query(text, parameters),
      async *copyOut(query) {
        if (query.includes('from public."Users" t where id = any')) widest = Math.max(widest, query.split(',').length);
        yield* place.target.copyOut(query);
      },
    };
    assert.equal((await place.proved({ target: watched })).findings, []);
    assert.ok(widest > 500 && widest <= batchLimits.documentsMax + 40, `${widest} ids at once`);
    await place.target.script(
      `begin; update public."Users" set name = 'x' where id = nextcrm_migration.uuid_of('${id(4711).toHexString()}')`,
    );
    try {
      const { findings } = await place.proved();
      assert.equal(
        findings.map(({ code, field, count, sourceIds }) => [code, field, count, sourceIds]),
        [['FIELD_DIFFERS', 'name', 1, [id(4711).toHexString()]]],
      );
    } finally {
      await place.target.script('rollback');
    }
  });
});

test.run();
