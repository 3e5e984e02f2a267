/** Fetches the rows of a batch of documents in PostgreSQL's own binary form. */
import type { CollectionSpec } from '../../catalog/index.ts';
import { readTuples, type Tuple } from '../../target/copy-reader.ts';
import { quoted } from '../../target/quoted.ts';
import type { Context } from '../context.ts';
import type { UuidHex } from './identity.ts';

/** Tuples of `id`, the spec's columns in their order and the update times that a release has added, by id. */
export async function readRows(
  { target, relations }: Pick<Context, 'target' | 'relations'>,
  { collection, columns }: CollectionSpec,
  ids: readonly UuidHex[],
): Promise<Map<UuidHex, Tuple>> {
  const names = ['id', ...Object.keys(columns), ...relations.times(collection)].map(quoted).join(', ');
  const rows = new Map<UuidHex, Tuple>();
  if (ids.length === 0) return rows;
  const text = `select ${names} from ${relations(collection)} t where id = any('{${ids.join(',')}}'::uuid[])`;
  for await (const tuple of readTuples(target.copyOut(text))) {
    rows.set(tuple.hex(0), tuple);
  }
  return rows;
}
