/** Fetches the rows of a batch of documents in PostgreSQL's own binary form. */
import type { CollectionSpec } from '../../catalog/index.ts';
import { readTupleLists, type Tuple } from '../../target/copy-reader.ts';
import { quoted } from '../../target/quoted.ts';
import type { Context } from '../context.ts';
import type { RowIds } from './row-ids.ts';

/** By place of the document in its batch; null where there is no row with its id. */
export type Rows = readonly (Tuple | null)[];

/** As many rows that belong to no document of the batch are read with a range, by document. */
const othersShare = 0.25;

/** Tuples of `id`, the spec's columns in their order and the update times that a release has added. */
export class RowReader {
  readonly #context: Pick<Context, 'target' | 'relations'>;
  readonly #select: string;
  /** The rows from a batch's first id to its last are those of its documents, and few others. */
  #isDense = true;

  constructor(context: Pick<Context, 'target' | 'relations'>, { collection, columns }: CollectionSpec) {
    this.#context = context;
    const { relations } = context;
    const names = ['id', ...Object.keys(columns), ...relations.times(collection)].map(quoted).join(', ');
    this.#select = `select ${names} from ${relations(collection)} t`;
  }

  async read(ids: RowIds): Promise<Rows> {
    if (ids.count === 0) return [];
    return (ids.isAscending && this.#isDense ? await this.#range(ids) : null) ?? (await this.#list(ids));
  }

  /** From the first id to the last: a short statement, and one walk along the primary key. Null where too many other rows stand between. */
  async #range(ids: RowIds): Promise<Rows | null> {
    const rowsMax = Math.ceil(ids.count * (1 + othersShare));
    const [first, last] = [ids.hex(0), ids.hex(ids.count - 1)];
    const { rows, count } = await this.#fetch(ids, `where id between '${first}' and '${last}' order by id limit ${rowsMax + 1}`);
    this.#isDense = count <= rowsMax;
    return this.#isDense ? rows : null;
  }

  async #list(ids: RowIds): Promise<Rows> {
    const list = Array.from({ length: ids.count }, (_, place) => ids.hex(place)).join(',');
    return (await this.#fetch(ids, `where id = any('{${list}}'::uuid[])`)).rows;
  }

  async #fetch(ids: RowIds, where: string): Promise<{ readonly rows: Rows; readonly count: number }> {
    const rows: (Tuple | null)[] = new Array(ids.count).fill(null);
    let count = 0;
    for await (const tuples of readTupleLists(this.#context.target.copyOut(`${this.#select} ${where}`))) {
      count += tuples.length;
      for (const tuple of tuples) ids.assign(tuple, tuple.bytes, tuple.start(0), rows);
    }
    return { rows, count };
  }
}
