/** Values to ask for: such as rows have, the rarest ones, for ids one that no row has; for a search words, the most frequent ones too. */
import { randomUUID } from 'node:crypto';
import { query } from '../database.ts';
import type { AppQuery } from './list.ts';

const common = 15;
const rare = 4;

export async function valuesFor(url: string, { table, column, work }: AppQuery): Promise<readonly unknown[]> {
  if (work === 'search') return await wordsIn(url, table);
  if (work === 'newest') return [null];
  const name = `"${column}"`;
  const from = `public."${table}" where ${name} is not null`;
  const frequent = await query<{ value: unknown }>(url, `select ${name} as value from ${from} order by random() limit ${common}`);
  const rarest = await query<{ value: unknown }>(
    url,
    `select ${name} as value from ${from} group by ${name} order by count(*), ${name} limit ${rare}`,
  );
  const found = [...frequent, ...rarest].map(({ value }) => value);
  const isId = found.some((value) => typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(value));
  return isId ? [...found, randomUUID()] : found;
}

const frequentWords = 4;
const someWords = 15;

/** From the search's own index: the words that most rows have, some of all, and one that none has. */
async function wordsIn(url: string, table: string): Promise<readonly string[]> {
  const [index] = await query<{ vector: string }>(
    url,
    `select pg_get_expr(indexprs, indrelid) as vector from pg_index where indexrelid = 'public."fts_${table}"'::regclass`,
  );
  const words = (order: string, limit: number) =>
    query<{ word: string }>(
      url,
      `select word from ts_stat($words$select ${index?.vector} from public."${table}"$words$) order by ${order}, word limit ${limit}`,
    );
  const found = [...(await words('ndoc desc', frequentWords)), ...(await words('md5(word)', someWords))];
  return [...found.map(({ word }) => word), 'zateplovat'];
}
