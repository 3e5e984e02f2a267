/** What the ledger says about documents: rejects, changes, leftovers. */
import { hash } from 'node:crypto';
import { stateSchema } from '../../schema-name.ts';
import type { Change } from '../rules/rule.ts';
import type { TargetReader } from '../target-reader.ts';

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
  /** The digest of the text. */
  readonly document: string;
  readonly reason: string | null;
  /** What a person has written to correct the document. */
  readonly correction: string | null;
}

/** What the ledger says about one document. */
export interface Recorded {
  readonly changes: readonly RecordedChange[];
  readonly leftovers: readonly RecordedLeftover[];
  /** The record of rejection that holds the document's very bytes. */
  readonly reject: RecordedReject | null;
  /** There is a record of rejection with its source id, of this or of another document. */
  readonly hasReject: boolean;
  /** Where there is one: the map of ids gives its source id a row. Another document with the same `_id` may have it. */
  readonly hasRow: boolean;
}

export const nothingRecorded: Recorded = { changes: [], leftovers: [], reject: null, hasReject: false, hasRow: false };

/** By index, those documents of a batch that the ledger says something about. */
export type Ledger = ReadonlyMap<number, Recorded>;

export const ledgerTables = ['change', 'leftover', 'reject'] as const;
export type LedgerTable = (typeof ledgerTables)[number];

/** Of what the source says, as the server makes it of what the ledger holds. */
export const digest = (content: string | Buffer): string => hash('sha256', content, 'hex');

/** How many rows each table of the ledger has, by collection. */
export type LedgerCounts = { readonly [T in LedgerTable]: ReadonlyMap<string, number> };

export async function countLedger(target: TargetReader): Promise<LedgerCounts> {
  const counts = async (table: LedgerTable) => {
    const rows = await target.query(
      `select collection, count(*)::text as count from ${stateSchema}.${table} group by collection`,
    );
    return new Map(rows.map((row) => [String(row['collection']), Number(row['count'])]));
  };
  return { change: await counts('change'), leftover: await counts('leftover'), reject: await counts('reject') };
}
