/** The proof of the proof: each kind of damage in a clean target is found and named; a layer that nothing can fail proves nothing. */
import * as assert from 'uvu/assert';
import type { Finding, Layer } from '../../../src/report/model.ts';
import { summary } from '../../support/outcome.ts';
import { suite } from '../../support/suite.ts';
import { type Damage, damages } from './damage.ts';
import { type Migrated, migrated } from './migrated.ts';
import { richContent } from './rich-dump.ts';

const test = suite('damage to a clean target');
let place: Migrated;
let clean: readonly string[];
const failedLayers = new Set<Layer>();
let found = 0;

test.before(async () => {
  place = await migrated(richContent);
  clean = (await place.proved()).findings.map(keyOf);
});
test.after(async () => {
  summary(`damage: ${damages.length} planted, ${found} found`);
  await place[Symbol.asyncDispose]();
});

for (const damage of damages) {
  test(`${damage.name} is found and named`, async () => {
    const { findings, layers } = await afterwards(damage);
    const named = findings.find((finding) => names(finding, damage));
    assert.ok(
      named !== undefined,
      `found instead: ${JSON.stringify(findings.filter((finding) => !clean.includes(keyOf(finding))))}`,
    );
    assert.is(layers[damage.found.layer].status, 'failed');
    failedLayers.add(damage.found.layer);
    found += 1;
  });
}

test('every layer has been made to fail', () => {
  assert.equal([...failedLayers].sort(), ['counts', 'records', 'references', 'types']);
});

test('what a model read through the app does not give back is found', async () => {
  const { findings } = await place.proved({
    models: [
      { model: 'Users', rows: 0, error: null },
      { model: 'Boards', rows: 0, error: 'P2023' },
      { model: 'crm_Leads', rows: 0, error: null },
    ],
  });
  assert.equal(
    findings.filter(({ code }) => code === 'MODEL_UNREADABLE').map(({ collection }) => collection),
    ['Users', 'Boards'],
  );
});

test('the target is clean again afterwards', async () => {
  assert.equal((await place.proved()).findings.map(keyOf), clean);
});

/** Validation of the damaged target, inside the transaction that made the damage and takes it back. */
async function afterwards({ sql }: Damage) {
  // As a replica, the server leaves foreign keys unchecked.
  await place.target.script(`begin; set local session_replication_role = replica; ${sql}`);
  try {
    return await place.proved();
  } finally {
    await place.target.script('rollback');
  }
}

function names(finding: Finding, { found: { code, layer, collection, field, sourceId } }: Damage): boolean {
  return (
    finding.code === code &&
    finding.layer === layer &&
    finding.collection === collection &&
    (field === undefined || finding.field === field) &&
    (sourceId === undefined || finding.sourceIds.includes(sourceId))
  );
}

function keyOf({ code, layer, collection, field, count }: Finding): string {
  return JSON.stringify([code, layer, collection, field, count]);
}

test.run();
