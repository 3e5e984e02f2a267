/** Reads what the ledger says about the documents of a collection, a batch at a time. */
import { stateSchema } from '../../schema-name.ts';
import { readTupleLists } from '../../target/copy-reader.ts';
import { literal } from '../../target/quoted.ts';
import type { Context } from '../context.ts';
import type { DocumentBatch, SourceDocument } from '../records/documents.ts';
import { arrayLiteral, type TargetReader, type TargetRow } from '../target-reader.ts';
import {
  digest,
  type Ledger,
  type LedgerTable,
  ledgerTables,
  type Recorded,
  type RecordedChange,
  type RecordedLeftover,
  type RecordedReject,
} from './ledger.ts';
import { RecordedIds } from './recorded-ids.ts';

/** A larger text is compared by the digest that the server makes of it: a few of many megabytes would be more than is promised to be held. */
const wholeBytesMax = 4096;

const digestOf = (column: string) => `encode(sha256(convert_to(${column}, 'UTF8')), 'hex')`;

/** Reads what the ledger says of the documents of a collection. Tables that hold nothing of it are not asked. */
export class LedgerReader {
  readonly #context: Pick<Context, 'target' | 'ledgerCounts' | 'corrections'>;
  readonly #collection: string;
  /** The tables that hold something of the collection. */
  readonly #tables: readonly LedgerTable[];
  #recordedIds: RecordedIds | null = null;

  constructor(context: Pick<Context, 'target' | 'ledgerCounts' | 'corrections'>, collection: string) {
    this.#context = context;
    this.#collection = collection;
    this.#tables = ledgerTables.filter((table) => this.#count(table) > 0);
  }

  async read(batch: DocumentBatch): Promise<Ledger> {
    const ledger = new Map<number, Recorded>();
    if (this.#tables.length === 0) return ledger;
    this.#recordedIds ??= await this.#readIds();
    const indexes = this.#recordedIds.among(batch);
    if (indexes.length === 0) return ledger;
    const documents = indexes.map((index) => batch.at(index));
    const sourceIds = arrayLiteral(documents.map(({ sourceId }) => sourceId));
    const changes = await this.#ask('change', sourceIds, 'field, code, original', changeOf);
    const leftovers = await this.#ask('leftover', sourceIds, leftoverColumns, leftoverOf);
    const { rejects, withReject, withRow } = this.#tables.includes('reject')
      ? await readRejects(this.#context.target, this.#collection, documents, this.#context.corrections !== null)
      : noRejects;
    for (const [at, document] of documents.entries()) {
      const { sourceId } = document;
      const hasReject = withReject.has(sourceId);
      ledger.set(indexes[at] as number, {
        changes: changes.get(sourceId) ?? [],
        leftovers: leftovers.get(sourceId) ?? [],
        reject: hasReject ? (rejects.get(rejectKey(sourceId, digest(document.raw))) ?? null) : null,
        hasReject,
        hasRow: withRow.has(sourceId),
      });
    }
    return ledger;
  }

  #count(table: LedgerTable): number {
    return this.#context.ledgerCounts[table].get(this.#collection) ?? 0;
  }

  async #readIds(): Promise<RecordedIds> {
    const ids = new RecordedIds(this.#tables.reduce((sum, table) => sum + this.#count(table), 0));
    for (const table of this.#tables) {
      const text = `select source_id from ${stateSchema}.${table} where collection = ${literal(this.#collection)}`;
      for await (const tuples of readTupleLists(this.#context.target.copyOut(text)))
        for (const tuple of tuples) ids.add(tuple.bytes, tuple.start(0), tuple.length(0));
    }
    return ids;
  }

  /** By source id. */
  async #ask<T>(
    table: LedgerTable,
    sourceIds: string,
    columns: string,
    make: (row: TargetRow) => T,
  ): Promise<ReadonlyMap<string, readonly T[]>> {
    if (!this.#tables.includes(table)) return new Map();
    const rows = await this.#context.target.query(
      // A join: a hash index, the only kind that takes an id of any length, does not serve `= any`.
      `select t.source_id, ${columns}
       from (select distinct id from unnest($2::text::text[]) id) batch
       join ${stateSchema}.${table} t on t.source_id = batch.id
       where t.collection = $1`,
      [this.#collection, sourceIds],
    );
    const bySourceId = Map.groupBy(rows, (row) => String(row['source_id']));
    return new Map([...bySourceId].map(([sourceId, list]) => [sourceId, list.map(make)]));
  }
}

const leftoverColumns = `field, octet_length(value) > ${wholeBytesMax} as is_digest,
  case when octet_length(value) > ${wholeBytesMax} then ${digestOf('value')} else value end as value`;

interface Rejects {
  /** By source id and the digest of the document's bytes. */
  readonly rejects: ReadonlyMap<string, RecordedReject>;
  /** Source ids. */
  readonly withReject: ReadonlySet<string>;
  readonly withRow: ReadonlySet<string>;
}

const noRejects: Rejects = { rejects: new Map(), withReject: new Set(), withRow: new Set() };

/** Each document's own record, known by its bytes: of one `_id` there may be many, and a batch must not ask for all of them. */
async function readRejects(
  target: TargetReader,
  collection: string,
  documents: readonly SourceDocument[],
  hasCorrections: boolean,
): Promise<Rejects> {
  const sourceIds = arrayLiteral(documents.map(({ sourceId }) => sourceId));
  const withReject = await target.query(
    `select id, exists (select from ${stateSchema}.id_map m where m.source_id = batch.id and m.collection = $1) as has_row
     from (select distinct id from unnest($2::text::text[]) id) batch
     where exists (select from ${stateSchema}.reject r where r.source_id = batch.id and r.collection = $1)`,
    [collection, sourceIds],
  );
  if (withReject.length === 0) return noRejects;
  const rows = await target.query(
    `select batch.id, batch.digest, r.*
     from (select distinct id, digest from unnest($2::text::text[], $3::text::text[]) with_digest(id, digest)) batch
     cross join lateral (
       select r.code, r.field, ${digestOf('r.document')} as document, r.reason, ${hasCorrections ? 'r.correction' : 'null::text'} as correction from ${stateSchema}.reject r
       where r.collection = $1 and r.source_id = batch.id and sha256(r.bson) = decode(batch.digest, 'hex') limit 1) r`,
    [collection, sourceIds, arrayLiteral(documents.map(({ raw }) => digest(raw)))],
  );
  return {
    rejects: new Map(rows.map((row) => [rejectKey(String(row['id']), String(row['digest'])), rejectOf(row)])),
    withReject: new Set(withReject.map((row) => String(row['id']))),
    withRow: new Set(withReject.filter((row) => row['has_row'] === true).map((row) => String(row['id']))),
  };
}

const rejectKey = (sourceId: string, bsonDigest: string): string => `${bsonDigest} ${sourceId}`;

function changeOf(row: TargetRow): RecordedChange {
  return { field: String(row['field']), code: String(row['code']), original: textOrNull(row['original']) };
}

function leftoverOf(row: TargetRow): RecordedLeftover {
  return { field: textOrNull(row['field']), value: String(row['value']), isDigest: row['is_digest'] === true };
}

function rejectOf(row: TargetRow): RecordedReject {
  return {
    code: String(row['code']),
    field: textOrNull(row['field']),
    document: String(row['document']),
    reason: textOrNull(row['reason']),
    correction: textOrNull(row['correction']),
  };
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
