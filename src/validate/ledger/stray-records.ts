/** Records of the ledger that belong to no document of the source: sought only where the counts give reason to. */
import type { CheckCode } from '../../findings/codes.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal } from '../../target/quoted.ts';
import type { Context } from '../context.ts';
import type { SourceDocument } from '../records/documents.ts';
import { findInSource } from '../records/find-in-source.ts';
import { readTexts } from '../texts.ts';
import { digest, type LedgerTable } from './ledger.ts';

const codes: { readonly [T in LedgerTable]: CheckCode } = {
  change: 'CHANGE_EXTRA',
  leftover: 'LEFTOVER_WRONG',
  reject: 'REJECT_WRONG',
};

/** As much as is looked for in the source at once: a dump is read through for each part. */
const partMax = { records: 20_000, characters: 8 * 1024 * 1024 };

interface Place {
  readonly collection: string;
  readonly table: LedgerTable;
  /** Of records of a document that has a row, the map of ids names the document. */
  readonly hasTable: boolean;
}

interface StrayRecord {
  readonly sourceId: string;
  readonly field: string | null;
  readonly count: number;
  /** The digest of a rejected document; else empty. */
  readonly bson: string;
}

const keyOf = ({ sourceId, bson }: Pick<StrayRecord, 'sourceId' | 'bson'>): string => `${bson} ${sourceId}`;

/** `difference`: how many records more than the documents of the source account for. Something is always said about it. */
export async function locateStrayRecords(context: Context, place: Place, difference: number): Promise<void> {
  const { collection, table, hasTable } = place;
  let named = 0;
  const report = ({ sourceId, field, count }: StrayRecord) => {
    context.findings.add('records', codes[table], { collection, field, sourceId, count });
    named += count;
  };
  const of = `${stateSchema}.${table} r where r.collection = ${literal(collection)}`;
  const keyIn = ({ sourceId, raw }: SourceDocument) => keyOf({ sourceId, bson: table === 'reject' ? digest(raw) : '' });
  const byMap = table !== 'reject' && hasTable;
  if (table === 'reject') {
    const text = `select source_id, min(field), (count(*) - 1)::text from ${of} group by source_id, bson having count(*) > 1`;
    for await (const record of read(context, text)) report(record);
  } else if (byMap) {
    const text = `select source_id, field, count(*)::text from ${of} and not (${isKnown(collection)}) group by 1, 2`;
    for await (const record of read(context, text)) report(record);
  }
  if (named < difference || named === 0) {
    // Of several documents with one `_id`, the bytes tell which one was rejected.
    const bson = table === 'reject' ? `encode(sha256(r.bson), 'hex')` : `''`;
    const text = `select source_id, field, count(*)::text, ${bson} from ${of} ${byMap ? `and (${isKnown(collection)})` : ''} group by 1, 2, 4 order by 1`;
    for await (const part of inParts(read(context, text))) {
      if (difference > 0 && named >= difference) continue;
      const found = await findInSource(context, collection, new Set(part.map(({ sourceId }) => sourceId)), keyIn);
      for (const record of part) if (!found.has(keyOf(record))) report(record);
    }
  }
  if (named > 0) return;
  context.findings.add('records', codes[table], { collection, count: Math.abs(difference), content: `${difference}` });
}

/** In SQL, of a record `r`: its document has a row or was rejected, as the ledger has it. */
function isKnown(collection: string): string {
  const among = (table: string) =>
    `exists (select from ${stateSchema}.${table} k where k.collection = ${literal(collection)} and k.source_id = r.source_id)`;
  return `${among('id_map')} or ${among('reject')}`;
}

async function* read({ target }: Context, text: string): AsyncGenerator<StrayRecord> {
  for await (const [sourceId, field, count, bson] of readTexts(target, text)) {
    yield { sourceId: sourceId ?? '', field: field ?? null, count: Number(count), bson: bson ?? '' };
  }
}

async function* inParts(records: AsyncIterable<StrayRecord>): AsyncGenerator<readonly StrayRecord[]> {
  let part: StrayRecord[] = [];
  let characters = 0;
  for await (const record of records) {
    part.push(record);
    characters += record.sourceId.length + (record.field?.length ?? 0);
    if (part.length < partMax.records && characters < partMax.characters) continue;
    yield part;
    part = [];
    characters = 0;
  }
  if (part.length > 0) yield part;
}
