/** What the target's own tables and ledger say of each collection, counted by the server. */
import { collections, junctions } from '../catalog/index.ts';
import type { CollectionBalance } from '../report/model.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { readProgress } from './progress-rows.ts';

export type Balances = Readonly<Record<string, CollectionBalance>>;
export type Pairs = Readonly<Record<string, { readonly pairs: number; readonly dangling: number }>>;

export async function readBalances(session: Session, pairs: Pairs): Promise<Balances> {
  const changes = await countsByCode(session, 'change');
  const rejects = await countsByCode(session, 'reject');
  const leftovers = await counts(session, 'select collection, count(*) as n from nextcrm_migration.leftover group by 1');
  const changedFields = await counts(session, changedFieldsQuery);
  const balances: [string, CollectionBalance][] = [];
  for (const row of await readProgress(session)) {
    const leftover = leftovers.get(row.collection) ?? 0;
    const changed = changedFields.get(row.collection) ?? 0;
    const rejected = total(rejects.get(row.collection));
    const balance: CollectionBalance = {
      known: row.known,
      read: row.read,
      loaded: row.loaded,
      rejected,
      changed: total(changes.get(row.collection)),
      leftover,
      links: junctions
        .filter(({ left }) => left.collection === row.collection)
        .reduce((sum, { table }) => sum + (pairs[table]?.pairs ?? 0), 0),
      seconds: row.seconds,
      bytes: row.bytes,
      fields: row.known
        ? { total: row.fields, carried: row.fields - changed - leftover, changed, leftover }
        : { total: 0, carried: 0, changed: 0, leftover: 0 },
      changes: Object.fromEntries(changes.get(row.collection) ?? []),
      rejects: Object.fromEntries(rejects.get(row.collection) ?? []),
      contentHash: row.contentHash,
    };
    balances.push([row.collection, balance]);
  }
  // Not by assignment: a collection may be named __proto__.
  return Object.fromEntries(balances);
}

export async function readPairs(session: Session): Promise<Pairs> {
  const pairs: Record<string, { pairs: number; dangling: number }> = {};
  // A later release of NextCRM may have dropped one.
  const tables = await session.query<{ name: string }>(
    "select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
  );
  const present = new Set(tables.map(({ name }) => name));
  for (const { table } of junctions) {
    pairs[table] = { pairs: 0, dangling: 0 };
    if (!present.has(table)) continue;
    const [row] = await session.query<{ n: string }>(`select count(*) as n from public.${quoted(table)}`);
    pairs[table] = { pairs: Number(row?.n), dangling: 0 };
  }
  const dangling = await session.query<{ collection: string; field: string; n: string }>(
    "select collection, field, count(*) as n from nextcrm_migration.change where code = 'LINK_DANGLING' group by 1, 2",
  );
  for (const { collection, field, n } of dangling) {
    const junction = collections.find((spec) => spec.collection === collection)?.links[field]?.junction;
    const entry = junction === undefined ? undefined : pairs[junction];
    if (entry !== undefined) entry.dangling += Number(n);
  }
  return pairs;
}

/**
 * Fields that were present and are not as they were: one each, however many records they have. A field that the catalog does not
 * know is a leftover, whatever else is recorded of it.
 */
const knownFields = collections
  .flatMap(({ collection, columns, links }) =>
    ['_id', ...Object.keys(columns), ...Object.keys(links)].map((field) => `(${literal(collection)}, ${literal(field)})`),
  )
  .join(', ');
const changedFieldsQuery = `
  select collection, count(*) as n
  from (select distinct c.collection, c.source_id, c.field from nextcrm_migration.change c
        where c.original is not null and (c.collection, c.field) in (${knownFields})) changed
  group by 1`;

async function counts(session: Session, query: string): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query<{ collection: string; n: string }>(query);
  return new Map(rows.map(({ collection, n }) => [collection, Number(n)]));
}

async function countsByCode(
  session: Session,
  table: 'change' | 'reject',
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const rows = await session.query<{ collection: string; code: string; n: string }>(
    `select collection, code, count(*) as n from nextcrm_migration.${table} group by 1, 2 order by 1, 2`,
  );
  const byCollection = new Map<string, Map<string, number>>();
  for (const { collection, code, n } of rows) {
    const codes = byCollection.get(collection) ?? new Map<string, number>();
    byCollection.set(collection, codes.set(code, Number(n)));
  }
  return byCollection;
}

function total(codes: ReadonlyMap<string, number> | undefined): number {
  return [...(codes?.values() ?? [])].reduce((sum, n) => sum + n, 0);
}
