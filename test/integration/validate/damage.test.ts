/**
 * The proof of the proof: each kind of damage in a target whose verdict is 0 makes it 1, and is named; a layer that nothing can fail
 * proves nothing. What the migration itself rejected was accepted before.
 */

import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { type FoundBefore, foundBefore, verdictOver } from '../../../src/findings/accepted.ts';
import type { Finding, Layer } from '../../../src/findings/finding.ts';
import { readDamage, readRejectCounts } from '../../../src/ledger/findings.ts';
import { queryFor } from '../../../src/report/queries.ts';
import { loadFinding } from '../../../src/reporting/report-parts.ts';
import { summary } from '../../support/outcome.ts';
import { suite } from '../../support/suite.ts';
import { type Damage, damages } from './damage.ts';
import { type Migrated, migrated } from './migrated.ts';
import { richContent } from './rich-dump.ts';

const test = suite('damage to a clean target');
let place: Migrated;
let accepted: readonly FoundBefore[];
const failedLayers = new Set<Layer>();
let found = 0;

test.before(async () => {
  place = await migrated(richContent);
  accepted = (await ofLoad()).map(foundBefore);
});

test('the undamaged target has the verdict 0', async () => {
  assert.ok(accepted.length > 0);
  const { findings, layers, exitCode } = await judged();
  assert.equal(findings, []);
  assert.is(exitCode, 0);
  for (const [name, { status, compared }] of Object.entries(layers)) assert.ok(status === 'passed' && compared > 0, name);
});

test.after(async () => {
  summary(`damage: ${damages.length} planted, ${found} found`);
  await place[Symbol.asyncDispose]();
});

for (const damage of damages) {
  test(`${damage.name} is found and named`, async () => {
    const { findings, layers, exitCode, shown } = await afterwards(damage);
    const named = findings.find((finding) => names(finding, damage));
    assert.ok(named !== undefined, `found instead: ${JSON.stringify(findings)}`);
    const rows = shown.get(named);
    assert.ok(rows === undefined || rows > 0 || damage.noRows === true, `no rows: ${queryFor(named, nextcrm)}`);
    assert.is(exitCode, 1);
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
  const { findings, exitCode } = await judged();
  assert.equal(findings, []);
  assert.is(exitCode, 0);
});

async function ofLoad(): Promise<readonly Finding[]> {
  return [...(await readRejectCounts(place.target)), ...(await readDamage(place.target))].map(loadFinding);
}

/** Validation and verdict, as `verify` comes to them. */
async function judged() {
  // First: what is asked of an extension that is gone ends the transaction.
  const before = await ofLoad();
  const proved = await place.proved();
  return { ...proved, ...verdictOver([...before, ...proved.findings], accepted) };
}

/** Validation of the damaged target, inside the transaction that made the damage and takes it back. */
async function afterwards({ sql }: Damage) {
  // As a replica, the server leaves foreign keys unchecked.
  await place.target.script(`begin; set local session_replication_role = replica; ${sql}`);
  try {
    const result = await judged();
    return { ...result, shown: await rowsShown(result.findings, sql) };
  } finally {
    await place.target.script('rollback');
  }
}

/** How many rows the query of each finding shows. Where a table was dropped, there is nothing to ask. */
async function rowsShown(findings: readonly Finding[], sql: string): Promise<ReadonlyMap<Finding, number>> {
  const shown = new Map<Finding, number>();
  for (const finding of sql.includes('drop table') ? [] : findings) {
    const query = queryFor(finding, nextcrm);
    if (query === null) continue;
    const rows = await place.target.query(query).catch((error) => assert.unreachable(`${query}: ${error}`));
    shown.set(finding, rows?.length ?? 0);
  }
  return shown;
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

test.run();
