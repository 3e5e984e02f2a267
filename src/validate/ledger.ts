/** What the ledger says about the documents of a batch: rejects, changes, leftovers, and the ids of those whose id is a hash. */
import { hash } from 'node:crypto';
import type { Change } from './rules/rule.ts';
import { arrayLiteral, type TargetReader, type TargetRow } from './target-reader.ts';

export interface RecordedChange extends Change {
  readonly field: string;
}

export interface RecordedLeftover {
  /** Null: a whole document of an unknown collection. */
  readonly field: string | null;
  /** The text, or of a large one its digest. */
  readonly value: string;
  readonly isDigest: boolean;
}

export interface RecordedReject {
  readonly code: string;
  readonly field: string | null;
  /** Digests of the text and of the bytes. */
  readonly document: string;
  readonly bson: string;
  readonly reason: string | null;
}

/** Rows by source id. */
export interface Ledger {
  readonly changes: ReadonlyMap<string, readonly RecordedChange[]>;
  readonly leftovers: ReadonlyMap<string, readonly RecordedLeftover[]>;
  readonly rejects: ReadonlyMap<string, readonly RecordedReject[]>;
  /** Of those with a reject, the source ids that the map of ids gives a row: another document with the same `_id` may have it. */
  readonly withRow: ReadonlySet<string>;
}

export const ledgerTables = ['change', 'leftover', 'reject'] as const;
export type LedgerTable = (typeof ledgerTables)[number];

/** A larger text is compared by the digest that the server makes of it: a few of many megabytes would be more than is promised to be held. */
const wholeBytesMax = 4096;

const digestOf = (column: string) => `encode(sha256(convert_to(${column}, 'UTF8')), 'hex')`;

/** The same digest of what the source says. */
export const digest = (content: string | Buffer): string => hash('sha256', content, 'hex');

/** How many rows each table of the ledger has, by collection. */
export type LedgerCounts = { readonly [T in LedgerTable]: ReadonlyMap<string, number> };

export async function countLedger(target: TargetReader): Promise<LedgerCounts> {
  const counts = async (table: LedgerTable) => {
    const rows = await target.query(
      `select collection, count(*)::text as count from nextcrm_migration.${table} group by collection`,
    );
    return new Map(rows.map((row) => [String(row['collection']), Number(row['count'])]));
  };
  return { change: await counts('change'), leftover: await counts('leftover'), reject: await counts('reject') };
}

/** Tables that hold nothing of the collection are not asked. */
export async function readLedger(
  target: TargetReader,
  collection: string,
  sourceIds: readonly string[],
  counts: LedgerCounts,
): Promise<Ledger> {
  const ask = async <T>(table: LedgerTable, columns: string, make: (row: TargetRow) => T): Promise<Map<string, T[]>> => {
    const bySourceId = new Map<string, T[]>();
    if ((counts[table].get(collection) ?? 0) === 0) return bySourceId;
    const rows = await target.query(
      // A join: a hash index, the only kind that takes an id of any length, does not serve `= any`.
      `select t.source_id, ${columns}
       from (select distinct id from unnest($2::text::text[]) id) batch
       join nextcrm_migration.${table} t on t.source_id = batch.id
       where t.collection = $1`,
      [collection, arrayLiteral(sourceIds)],
    );
    for (const row of rows) {
      const sourceId = String(row['source_id']);
      const list = bySourceId.get(sourceId);
      if (list === undefined) bySourceId.set(sourceId, [make(row)]);
      else list.push(make(row));
    }
    return bySourceId;
  };
  const rejects = await ask(
    'reject',
    `code, field, ${digestOf('document')} as document, encode(sha256(bson), 'hex') as bson, reason`,
    rejectOf,
  );
  return {
    changes: await ask('change', 'field, code, original', changeOf),
    leftovers: await ask(
      'leftover',
      `field, octet_length(value) > ${wholeBytesMax} as is_digest,
       case when octet_length(value) > ${wholeBytesMax} then ${digestOf('value')} else value end as value`,
      leftoverOf,
    ),
    rejects,
    withRow: await rejectedWithRow(target, collection, rejects),
  };
}

async function rejectedWithRow(
  target: TargetReader,
  collection: string,
  rejects: ReadonlyMap<string, readonly RecordedReject[]>,
): Promise<ReadonlySet<string>> {
  const twice = [...rejects]
    .filter(([, found]) => found.some(({ code }) => code === 'DUPLICATE_ID'))
    .map(([sourceId]) => sourceId);
  if (twice.length === 0) return new Set();
  const rows = await target.query(
    `select m.source_id from (select distinct id from unnest($2::text::text[]) id) batch
     join nextcrm_migration.id_map m on m.source_id = batch.id
     where m.collection = $1`,
    [collection, arrayLiteral(twice)],
  );
  return new Set(rows.map((row) => String(row['source_id'])));
}

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
    bson: String(row['bson']),
    reason: textOrNull(row['reason']),
  };
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
