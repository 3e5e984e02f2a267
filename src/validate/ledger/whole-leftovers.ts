/** Collections without a table: every document is one leftover, and the ledger has nothing else of them. */
import { batchLimits, type Context } from '../context.ts';
import { type DocumentBatch, documentsOf, type SourceDocument } from '../records/documents.ts';
import { layoutOf } from '../records/layout.ts';
import { wholeChanges, wholeValue } from './leftover-check.ts';
import { SharedRecords, type SharedSums, type SharedTable, sameSums, sharedSums, sharedSumsById } from './shared-records.ts';

/** Source ids held at once where a difference is to be located. */
const idsHeldMax = 200_000;

const wheres: { readonly [T in SharedTable]: string } = { change: 'true', leftover: 'field is null' };

export function addWhole(records: SharedRecords, document: SourceDocument): void {
  records.leftover(document.sourceId, null, wholeValue(document));
  for (const change of wholeChanges(document)) records.change(document.sourceId, change);
}

/** Compares all at once. Returns how many records of each table the source accounts for; a difference is reported by source id. */
export async function checkWholeLeftovers(
  context: Context,
  collection: string,
  records: SharedRecords,
): Promise<{ readonly [T in SharedTable]: number }> {
  const check = async (table: SharedTable) => {
    const held = await sharedSums(context.target, table, collection, wheres[table]);
    if (!sameSums(held, records.sum(table)))
      await locate(context, collection, table, Math.max(held.count, records.sum(table).count));
    return held.count;
  };
  return { change: await check('change'), leftover: await check('leftover') };
}

/** The source is read once more, a part of its ids at a time. */
async function locate(context: Context, collection: string, table: SharedTable, records: number): Promise<void> {
  const parts = Math.max(1, Math.ceil(records / idsHeldMax));
  for (let part = 0; part < parts; part += 1) {
    const expected = new Map<string, SharedRecords>();
    for await (const documents of read(context, collection)) {
      for (const document of documents) {
        if (partOf(document.sourceId, parts) !== part) continue;
        const own = expected.get(document.sourceId) ?? new SharedRecords();
        expected.set(document.sourceId, own);
        addWhole(own, document);
      }
    }
    for await (const { sourceId, ...held } of sharedSumsById(context.target, table, collection, wheres[table])) {
      if (partOf(sourceId, parts) !== part) continue;
      const sum = expected.get(sourceId)?.sum(table) ?? none;
      expected.delete(sourceId);
      if (!sameSums(sum, held)) report(context, collection, table, sourceId, sum, held);
    }
    for (const [sourceId, own] of expected) {
      if (own.sum(table).count > 0) report(context, collection, table, sourceId, own.sum(table), none);
    }
  }
}

const none: SharedSums = { count: 0, bits: 0n };

function report(
  { findings }: Context,
  collection: string,
  table: SharedTable,
  sourceId: string,
  expected: SharedSums,
  held: SharedSums,
): void {
  const missing = expected.count > held.count;
  const change = missing ? 'CHANGE_MISSING' : expected.count < held.count ? 'CHANGE_EXTRA' : 'CHANGE_WRONG';
  const count = Math.max(1, Math.abs(expected.count - held.count));
  findings.add('records', table === 'leftover' ? 'LEFTOVER_WRONG' : change, { collection, field: null, sourceId, count });
}

async function* read({ source, signal }: Context, collection: string): AsyncGenerator<DocumentBatch> {
  const layout = layoutOf(collection, null);
  for await (const batch of source.read(collection, null, batchLimits)) {
    signal.throwIfAborted();
    yield documentsOf(batch, layout);
  }
}

/** By the sum of the characters: it need only be spread. */
function partOf(sourceId: string, parts: number): number {
  if (parts === 1) return 0;
  let sum = 0;
  for (let at = 0; at < sourceId.length; at += 1) sum = (sum * 31 + sourceId.charCodeAt(at)) % 1_000_003;
  return sum % parts;
}
