/** Documents that a person has corrected: validation compares the corrected document with the row, and its records with the source. */
import type { CollectionSpec } from '../../catalog/index.ts';
import { stateSchema } from '../../schema-name.ts';
import { canonicalForm } from '../json/extended.ts';
import { digest } from '../ledger/ledger.ts';
import { type DocumentBatch, type SourceDocument, takenApart } from '../records/documents.ts';
import type { Layout } from '../records/layout.ts';
import type { Change } from '../rules/rule.ts';
import { arrayLiteral, type TargetReader } from '../target-reader.ts';
import { correctedBy } from './patch.ts';

/** By collection, with how many corrections documents were loaded; null: the target of an earlier version has none. */
export type CorrectionCounts = ReadonlyMap<string, number> | null;

export async function countCorrections(target: TargetReader): Promise<CorrectionCounts> {
  const [there] = await target.query(`select to_regclass('${stateSchema}.correction') is not null as there`);
  if (there?.['there'] !== true) return null;
  const rows = await target.query(`select collection, count(*)::text as count from ${stateSchema}.correction group by 1`);
  return new Map(rows.map((row) => [String(row['collection']), Number(row['count'])]));
}

/** Of the documents of a batch, those that were loaded with a correction, as corrected; by their index. */
export async function readCorrected(
  { target, corrections }: { readonly target: TargetReader; readonly corrections: CorrectionCounts },
  batch: DocumentBatch,
): Promise<ReadonlyMap<number, SourceDocument>> {
  const corrected = new Map<number, SourceDocument>();
  const { layout } = batch;
  const { collection, spec } = layout;
  if (spec === null || (corrections?.get(collection) ?? 0) === 0) return corrected;
  const rows = await target.query(
    `select c.source_id, c.digest, c.patch from (select distinct id from unnest($2::text::text[]) id) batch
     join ${stateSchema}.correction c on c.source_id = batch.id where c.collection = $1`,
    [collection, arrayLiteral(Array.from(batch, ({ sourceId }) => sourceId))],
  );
  const patches = new Map(rows.map((row) => [`${row['source_id']} ${row['digest']}`, String(row['patch'])]));
  const ids = new Set(rows.map((row) => String(row['source_id'])));
  for (let index = 0; index < batch.count && ids.size > 0; index += 1) {
    const document = batch.at(index);
    if (!ids.has(document.sourceId)) continue;
    const patch = patches.get(`${document.sourceId} ${digest(document.raw)}`);
    const result = patch === undefined ? null : asCorrected(document, patch, layout, spec);
    if (result !== null) corrected.set(index, result);
  }
  return corrected;
}

/** Null where the correction cannot be applied. */
export function asCorrected(
  document: SourceDocument,
  patch: string,
  layout: Layout,
  spec: CollectionSpec,
): SourceDocument | null {
  const result = correctedBy(patch, document.raw, spec);
  if (result === null) return null;
  const corrected = takenApart(result.bytes, layout, document.formerName);
  if (corrected === null) return null;
  const records = [...result.originals].map(([field, original]): [string, readonly Change[]] => {
    if (original === null) return [field, [{ code: 'CORRECTED', original: null }]];
    const { text, invalid } = canonicalForm(original);
    const bytes = invalid
      ? [{ code: 'INVALID_UTF8', original: original.bytes.toString('hex', original.start, original.end) }]
      : [];
    return [field, [{ code: 'CORRECTED', original: text }, ...bytes]];
  });
  return corrected.withCorrections(new Map(records));
}

/** Whether the record of a rejected document says that its correction was tried. */
export const isTried = (reason: string | null): boolean => reason?.includes('The correction ') === true;
