/**
 * Records that cannot be told apart by source id: of collections without a table, whose documents may lack an `_id` or repeat it, and of
 * ids that differ in invalid bytes only. They are compared as a whole, by the order-free sum of their hashes on both sides: the time is
 * linear however many documents have one source id.
 */
import { idBits, idsHashSum } from '../../findings/ids-hash.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal } from '../../target/quoted.ts';
import type { SourceDocument } from '../records/documents.ts';
import type { TargetReader } from '../target-reader.ts';
import { readTexts } from '../texts.ts';
import type { RecordedChange } from './ledger.ts';

export type SharedTable = 'change' | 'leftover';

/** The replacement character: what the ledger writes for invalid bytes of an `_id`. */
const replacement = '\ufffd';

/** In a collection with a table, other ids belong to one document, or to copies of which one at most has records. */
export const isShared = (document: Pick<SourceDocument, 'hashed' | 'sourceId'>): boolean =>
  document.hashed && document.sourceId.includes(replacement);

interface Sum {
  count: number;
  bits: bigint;
}

export interface SharedSums {
  readonly count: number;
  readonly bits: bigint;
}

const unset = (text: string | null) => (text === null ? '-' : `+${text}`);
const unsetSql = (column: string) => `case when ${column} is null then '-' else '+' || ${column} end`;
const contents: { readonly [T in SharedTable]: string } = {
  change: `source_id || E'\\n' || field || E'\\n' || code || E'\\n' || ${unsetSql('original')}`,
  leftover: `source_id || E'\\n' || ${unsetSql('field')} || E'\\n' || value`,
};

export class SharedRecords {
  readonly #sums: { readonly [T in SharedTable]: Sum } = { change: { count: 0, bits: 0n }, leftover: { count: 0, bits: 0n } };

  change(sourceId: string, { field, code, original }: RecordedChange): void {
    this.#add('change', [sourceId, field, code, unset(original)]);
  }

  leftover(sourceId: string, field: string | null, value: string): void {
    this.#add('leftover', [sourceId, unset(field), value]);
  }

  sum(table: SharedTable): SharedSums {
    return this.#sums[table];
  }

  #add(table: SharedTable, parts: readonly string[]): void {
    const sum = this.#sums[table];
    sum.count += 1;
    sum.bits = BigInt.asIntN(64, sum.bits + idBits(parts.join('\n')));
  }
}

/** `where` chooses among the records of the collection, as SQL. */
export async function sharedSums(
  target: TargetReader,
  table: SharedTable,
  collection: string,
  where: string,
): Promise<SharedSums> {
  const [row] = await target.query(
    `select count(*)::text as count, ${idsHashSum(contents[table])} as bits from ${stateSchema}.${table}
     where collection = $1 and ${where}`,
    [collection],
  );
  return { count: Number(row?.['count']), bits: BigInt.asIntN(64, BigInt(String(row?.['bits'] ?? 0))) };
}

/** By source id. */
export async function* sharedSumsById(
  target: TargetReader,
  table: SharedTable,
  collection: string,
  where: string,
): AsyncGenerator<{ readonly sourceId: string } & SharedSums> {
  const text = `select source_id, count(*)::text, ${idsHashSum(contents[table])} from ${stateSchema}.${table}
    where collection = ${literal(collection)} and ${where} group by 1`;
  for await (const [sourceId, count, bits] of readTexts(target, text))
    yield { sourceId: sourceId ?? '', count: Number(count), bits: BigInt.asIntN(64, BigInt(bits ?? 0)) };
}

/** In SQL: the source id is one that `isShared` means. */
export const sharedSql = `strpos(source_id, ${literal(replacement)}) > 0`;

export const sameSums = (a: SharedSums, b: SharedSums): boolean => a.count === b.count && a.bits === b.bits;
