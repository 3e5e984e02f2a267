/** Pairs of the junction tables that stand in no array of the source: sought only where the numbers give reason to. */
import type { JunctionSpec } from '../../catalog/index.ts';
import { readTuples } from '../../target/copy-reader.ts';
import { quoted } from '../../target/quoted.ts';
import { batchLimits, type Context } from '../context.ts';
import { documentsOf } from '../records/documents.ts';
import { nameOf } from '../records/extra-rows.ts';
import { layoutOf } from '../records/layout.ts';
import { existingPairs, linkFieldsOf, linkItems, takenPairs } from './links.ts';
import { PairSets, pairsHeldMax } from './pair-sets.ts';

export interface PairCounts {
  /** Pairs in each junction table. */
  readonly rows: ReadonlyMap<string, number>;
  /** In how many parts each table's pairs are held in memory. */
  readonly parts: ReadonlyMap<string, number>;
}

export async function countPairs({ catalog, target, relations }: Context, heldMax = pairsHeldMax): Promise<PairCounts> {
  const rows = new Map<string, number>();
  for (const { table } of catalog.junctions) {
    const [row] = await target.query(`select count(*)::text as count from ${relations(table)} j`);
    rows.set(table, Number(row?.['count']));
  }
  return { rows, parts: new Map([...rows].map(([table, count]) => [table, Math.max(1, Math.ceil(count / heldMax))])) };
}

/** `first` holds the first part of the pairs that the comparison of all documents has found in the tables. */
export async function checkExtraPairs(context: Context, { rows, parts }: PairCounts, first: PairSets): Promise<void> {
  const { junctions } = context.catalog;
  const distinct = new Map(junctions.map(({ table }) => [table, first.size(table)]));
  const last = Math.max(...parts.values());
  for (let part = 1; part < last; part += 1) {
    const sets = await collectPairs(context, new PairSets(parts, part));
    for (const { table } of junctions) distinct.set(table, (distinct.get(table) ?? 0) + sets.size(table));
  }
  const suspects = junctions.filter(({ table }) => distinct.get(table) !== rows.get(table));
  for (let part = 0; part < last && suspects.length > 0; part += 1) {
    const sets = part === 0 ? first : await collectPairs(context, new PairSets(parts, part));
    for (const junction of suspects) await locate(context, junction, sets);
  }
}

/** Reads all link arrays of the source once more. */
async function collectPairs(context: Context, sets: PairSets): Promise<PairSets> {
  const present = new Set((await context.source.collections()).map(({ name }) => name));
  for (const spec of context.catalog.collections) {
    if (Object.keys(spec.links).length === 0 || !present.has(spec.collection)) continue;
    const layout = layoutOf(spec.collection, spec);
    for await (const batch of context.source.read(spec.collection, null, batchLimits)) {
      context.signal.throwIfAborted();
      const fields = [...documentsOf(batch, layout)].flatMap((document) => linkFieldsOf(document, layout, []));
      const items = await linkItems(context, fields);
      const existing = await existingPairs(context, fields, items);
      for (const [index, field] of fields.entries()) {
        for (const partner of takenPairs(field, items[index] ?? [], existing)) sets.add(field.link, field.own, partner);
      }
    }
  }
  return sets;
}

async function locate(
  { target, findings, relations, upgraded }: Context,
  { table, left, right }: JunctionSpec,
  sets: PairSets,
): Promise<void> {
  const text = `select ${quoted(left.column)}, ${quoted(right.column)} from ${relations(table)} j`;
  for await (const pair of readTuples(target.copyOut(text))) {
    const [leftId, rightId] = [pair.hex(0), pair.hex(1)];
    if (!sets.has(table, leftId, rightId)) {
      findings.add('references', 'LINK_EXTRA', {
        collection: table,
        field: left.column,
        sourceId: `${nameOf(leftId)} ${nameOf(rightId)}`,
        // People link documents, watch boards; a pair has no time.
        modified: upgraded,
      });
    }
  }
}
