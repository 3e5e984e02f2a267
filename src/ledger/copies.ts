/** Where the streams of converted documents go: the tables of the ledger and of the staging beside it. */
import type { CopyData, EncodedBatch } from '../convert/encoded-batch.ts';
import { stateSchema } from '../schema-name.ts';
import type { Copy } from '../target/copy-in.ts';

const tables = [
  ['links', 'link (collection, field, id, partner, original)'],
  ['changes', 'change (collection, source_id, field, code, original)'],
  ['leftovers', 'leftover (collection, source_id, field, value)'],
  ['rejects', 'reject (collection, source_id, code, field, document, bson, reason, correction)'],
  ['ids', 'id_map (collection, source_id, id)'],
  ['lookups', 'lookup (collection, id, field, original, taken, hashed)'],
] as const satisfies readonly (readonly [keyof EncodedBatch, string])[];

/** All that is recorded of the documents; their rows go to their own table. */
export function ledgerCopies(parts: readonly EncodedBatch[]): readonly Copy[] {
  return tables.map(([stream, table]) => ({
    table: `${stateSchema}.${table}`,
    parts: filled(parts.map((part) => part[stream])),
  }));
}

/** Records of rejected documents, as `encodeRejects` makes them. */
export function rejectCopy(rejects: CopyData): Copy {
  return { table: `${stateSchema}.${tables[3][1]}`, parts: filled([rejects]) };
}

function filled(parts: readonly CopyData[]): CopyData[] {
  return parts.filter(({ rows }) => rows > 0);
}
