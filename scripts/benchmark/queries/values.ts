/** Values to ask for: such as rows have, the rarest ones, and for ids one that no row has. */
import { randomUUID } from 'node:crypto';
import { query } from '../database.ts';
import type { AppQuery } from './list.ts';

const common = 15;
const rare = 4;

/** Words of the sample's texts, from very frequent to absent. */
const words = ['faktura', 'Rechnung', 'contract', 'клієнт', 'offer', 'smlouvu', 'Praha', 'licence', 'Müller', 'zateplovat'];

export async function valuesFor(url: string, { table, column, work }: AppQuery): Promise<readonly unknown[]> {
  if (work === 'search') return words;
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
