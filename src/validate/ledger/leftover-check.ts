/** Leftovers: what the catalog has no place for stands in the ledger exactly as the source holds it. */
import { decodeText, isValidText } from '../bson/scalar.ts';
import type { Element } from '../bson/walk.ts';
import type { Context } from '../context.ts';
import { canonical, canonicalForm } from '../json/extended.ts';
import type { SourceDocument } from '../records/documents.ts';
import { digest, type RecordedChange, type RecordedLeftover } from './ledger.ts';

/** The leftover fields of a document that has a row. */
export function checkLeftovers(
  context: Context,
  collection: string,
  document: SourceDocument,
  recorded: readonly RecordedLeftover[],
): void {
  if (document.leftovers.length === 0 && recorded.length === 0) return;
  compare(context, collection, document.sourceId, expectedLeftovers(document), recorded);
}

export interface ExpectedLeftover {
  readonly field: string;
  readonly value: string;
}

export function expectedLeftovers({ leftovers }: SourceDocument): readonly ExpectedLeftover[] {
  return leftovers.map((element) => ({ field: decodeText(nameOf(element)), value: canonical(element) }));
}

/** Bytes in leftover fields that are no UTF-8, which their Extended JSON cannot hold: of a broken name, the whole element. */
export function leftoverChanges({ leftovers }: SourceDocument): readonly RecordedChange[] {
  const changes: RecordedChange[] = [];
  for (const element of leftovers) {
    const name = nameOf(element);
    const isNameValid = isValidText(name);
    if (isNameValid && !canonicalForm(element).invalid) continue;
    const start = isNameValid ? element.start : element.nameStart - 1;
    changes.push({ field: decodeText(name), code: 'INVALID_UTF8', original: element.bytes.toString('hex', start, element.end) });
  }
  return changes;
}

/** The same for a document of an unknown collection, whose field is the empty name. */
export function wholeChanges({ asValue, raw }: SourceDocument): readonly RecordedChange[] {
  if (!canonicalForm(asValue).invalid) return [];
  return [{ field: '', code: 'INVALID_UTF8', original: raw.toString('hex') }];
}

function nameOf({ bytes, nameStart, nameEnd }: Element): Buffer {
  return bytes.subarray(nameStart, nameEnd);
}

/** What the ledger holds of a document of an unknown collection. */
export function wholeValue({ asValue }: SourceDocument): string {
  return canonical(asValue);
}

function compare(
  context: Context,
  collection: string,
  sourceId: string,
  expected: readonly ExpectedLeftover[],
  recorded: readonly RecordedLeftover[],
): void {
  const left = [...recorded];
  for (const { field, value } of expected) {
    const isDigest = recorded.some((item) => item.isDigest && item.field === field);
    const digested = isDigest ? digest(value) : '';
    const same = (item: RecordedLeftover) => item.value === (item.isDigest ? digested : value);
    const index = left.findIndex((item) => item.field === field && same(item));
    if (index >= 0) left.splice(index, 1);
    else context.findings.add('records', 'LEFTOVER_WRONG', { collection, field, sourceId });
  }
  for (const { field } of left) {
    // A leftover whose value was altered is one finding, not two.
    if (expected.some((item) => item.field === field) && recorded.length <= expected.length) continue;
    context.findings.add('records', 'LEFTOVER_WRONG', { collection, field, sourceId });
  }
}
