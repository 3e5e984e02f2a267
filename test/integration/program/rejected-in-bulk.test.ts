/** Many rows that must be rejected after the load: what is scanned to take them out does not depend on their number. */
import { setTimeout as wait } from 'node:timers/promises';
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { groundOf } from '../../support/ground.ts';
import { suite } from '../../support/suite.ts';

const test = suite('rows rejected in bulk');

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const stages = ['link', 'lookup', 'change', 'leftover', 'pending_reject'];

interface Scans {
  readonly loaded: number;
  readonly rejected: number;
  /** How often each table of the ledger and of the staging was read from end to end. */
  readonly scans: Readonly<Record<string, number>>;
}

/** Boards of an owner that does not exist, each with a watcher, a field of no column and an id that is given as text. */
async function boardsOfNobody(count: number): Promise<Scans> {
  await using at = await groundOf();
  const Boards = Array.from({ length: count }, (_, n) => ({
    _id: id(0x1000 + n),
    __v: 0,
    title: 't',
    description: 'd',
    user: id(9),
    createdBy: id(1).toHexString(),
    watchers: [id(1)],
    other: n,
  }));
  const { exit, output } = await at.run({ Users: [{ _id: id(1), __v: 0, email: 'u@example.com' }], Boards });
  assert.is(exit, 1, output);
  const { Boards: boards } = (await at.place.report()).collections;
  const rows = async () =>
    await at.session.query<{ name: string; n: string }>(
      `select relname::text as name, seq_scan::text as n from pg_stat_user_tables
       where schemaname = 'nextcrm_migration' and relname in (${stages.map((name) => `'${name}'`).join(', ')}) order by 1`,
    );
  // A session's counts are there soon after its end.
  let scans = await rows();
  for (let former = ''; former !== JSON.stringify(scans); scans = await rows()) {
    former = JSON.stringify(scans);
    await wait(1_500);
  }
  return {
    loaded: boards?.loaded ?? -1,
    rejected: boards?.rejected ?? -1,
    scans: Object.fromEntries(scans.map(({ name, n }) => [name, Number(n)])),
  };
}

test('the ledger is scanned as often for five thousand rejected documents as for three hundred', async () => {
  const few = await boardsOfNobody(300);
  const many = await boardsOfNobody(5_000);
  assert.equal([few.loaded, few.rejected, many.loaded, many.rejected], [0, 300, 0, 5_000]);
  for (const table of ['link', 'lookup']) {
    assert.ok((few.scans[table] ?? 0) > 0, `${table} was not scanned at all`);
    assert.is(many.scans[table], few.scans[table], `${table}: ${JSON.stringify([few.scans, many.scans])}`);
  }
});

test.run();
