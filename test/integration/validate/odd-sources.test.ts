/** Sources that are damaged, in no order, or no longer what they were; and junction pairs in more than one part. */

import { ObjectId, serialize } from 'bson';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import type { Source } from '../../../src/source/source.ts';
import { Findings } from '../../../src/validate/found.ts';
import { countLedger } from '../../../src/validate/ledger/ledger.ts';
import { checkExtraPairs, countPairs } from '../../../src/validate/references/extra-pairs.ts';
import { readMerges } from '../../../src/validate/references/merged.ts';
import { PairSets } from '../../../src/validate/references/pair-sets.ts';
import { readRelations } from '../../../src/validate/relations.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated, silent } from './migrated.ts';

const test = suite('validation of odd sources');
let place: Migrated;

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const user = (n: number) => ({ _id: id(n), email: `${n}@example.org` });
/** Every number below 97 once, in no order. */
const scattered = Array.from({ length: 96 }, (_, n) => ((n + 1) * 5) % 97);

function malformed(n: number): Uint8Array {
  const bytes = Buffer.from(serialize({ ...user(n), name: 'x' }));
  bytes.writeUInt8(0x42, bytes.indexOf('name\0') - 1);
  return bytes;
}

const orphan = Buffer.from(serialize({ email: 'nobody@example.org' }));

test.before(async () => {
  place = await migrated({
    Users: [...scattered.map(user), user(7), { ...user(9), name: 'A second one' }, malformed(500), orphan, orphan, user(600)],
    crm_Accounts: scattered.map((n) => ({ _id: id(1000 + n), name: 'n', watchers: [id(n), id((n * 3) % 97), id(n)] })),
  });
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

test('documents in no order, twice, without an _id or malformed: only the damage is a finding', async () => {
  const { findings } = await place.proved();
  assert.equal(
    findings.map(({ code, collection, count }) => [code, collection, count]),
    [['SOURCE_DAMAGED', 'Users', 1]],
  );
});

test('an extra row is found where documents come twice', async () => {
  await place.target.script(
    `begin; insert into public."Users" (id, email) values ('0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f74', 'extra@example.org')`,
  );
  try {
    const { findings } = await place.proved();
    assert.ok(
      findings.some(({ code, sourceIds }) => code === 'ROW_EXTRA' && sourceIds.includes('0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f74')),
    );
  } finally {
    await place.target.script('rollback');
  }
});

test('a source that has lost a collection has nothing to compare', async () => {
  const source = without(place.source, (name) => name === 'crm_Accounts');
  const { findings } = await place.proved({ source });
  for (const code of ['NOTHING_COMPARED', 'SOURCE_CHANGED', 'COUNT_MISMATCH', 'ROW_EXTRA', 'LINK_EXTRA']) {
    assert.ok(
      findings.some((finding) => finding.code === code),
      code,
    );
  }
});

test('an empty source proves nothing', async () => {
  const { findings, layers } = await place.proved({ source: without(place.source, () => true) });
  assert.is(layers.records.status, 'failed');
  assert.ok(findings.some(({ code, collection }) => code === 'NOTHING_COMPARED' && collection === null));
});

test('a reader that ends early, in the load and in the proof alike, is found by the count apart', async () => {
  const content = { Users: Array.from({ length: 40 }, (_, n) => user(n)), shop: [{ _id: 1 }, { _id: 2 }] };
  await using early = await migrated(content, (source) => ({ ...without(source, () => false), read: endingEarly(source) }));
  const { findings } = await early.proved();
  assert.equal(
    findings.map(({ code, layer, collection, count }) => [code, layer, collection, count]),
    [
      ['COUNT_MISMATCH', 'counts', 'Users', 39],
      ['COUNT_MISMATCH', 'counts', 'shop', 1],
    ],
  );
});

test('pairs held in parts are all there, and an extra one is found in its part', async () => {
  const relations = await readRelations(place.target, nextcrm, { upgraded: false });
  const context = {
    catalog: nextcrm,
    source: place.source,
    target: place.target,
    progress: silent,
    signal: new AbortController().signal,
    findings: new Findings(),
    ledgerCounts: await countLedger(place.target),
    startedAtMs: 0n,
    finishedAt: null,
    relations,
    upgraded: false,
    merges: await readMerges(place.target, nextcrm, relations, true),
    corrections: null,
  };
  const check = async () => {
    const counts = await countPairs(context, 40);
    assert.ok((counts.parts.get('AccountWatchers') ?? 0) > 2);
    // The first part, as the comparison of all documents would leave it.
    const sets = new PairSets(counts.parts);
    for (const n of scattered) {
      for (const watcher of [id(n), id((n * 3) % 97)]) {
        const [own, partner] = [id(1000 + n), watcher].map((oid) =>
          oid.toHexString().replace(/^(.{12})(.{3})(.{9})$/, '$18$28$3000000'),
        ) as [string, string];
        sets.add({ junction: 'AccountWatchers', side: 'left', partner: 'Users' }, own, partner);
      }
    }
    await checkExtraPairs(context, counts, sets);
    return context.findings.list();
  };
  assert.equal(await check(), []);
  await place.target.script(`begin; insert into public."AccountWatchers"
    select a.id, u.id from public."crm_Accounts" a, public."Users" u order by a.id, u.id limit 1 on conflict do nothing;
    insert into public."AccountWatchers" select a.id, u.id from public."crm_Accounts" a, public."Users" u order by a.id desc, u.id limit 1 on conflict do nothing`);
  try {
    const findings = await check();
    assert.equal(
      findings.map(({ code, collection }) => [code, collection]),
      [['LINK_EXTRA', 'AccountWatchers']],
    );
  } finally {
    await place.target.script('rollback');
  }
});

/** Gives the first document of each collection alone. */
function endingEarly(source: Source): Source['read'] {
  return async function* (collection, position) {
    if (position !== null) return;
    for await (const batch of source.read(collection, null, { documentsMax: 1, bytesMax: 1 })) {
      yield batch;
      return;
    }
  };
}

/** The same source without some of its collections. */
function without(source: Source, isGone: (name: string) => boolean): Source {
  return {
    kind: source.kind,
    database: source.database,
    description: source.description,
    version: source.version,
    unread: source.unread,
    collections: async () => (await source.collections()).filter(({ name }) => !isGone(name)),
    read: (collection, position, limits) => source.read(collection, position, limits),
    find: (collection, sourceIds) => source.find(collection, sourceIds),
    isEmpty: (collection) => source.isEmpty(collection),
    countApart: (collection) => source.countApart(collection),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

test.run();
