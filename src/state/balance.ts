/** What the target's own tables and ledger say of each collection, counted by the server. */
import { type Catalog, presentNameOf, specOf } from '../catalog/index.ts';
import { countByCode, countChangedFields, countFormer, countLeftovers, countObsolete } from '../ledger/counts.ts';
import type { CollectionBalance } from '../report/model.ts';
import { stateSchema } from '../schema-name.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { readProgress } from './progress-rows.ts';

export type Balances = Readonly<Record<string, CollectionBalance>>;
export type Pairs = Readonly<Record<string, { readonly pairs: number; readonly dangling: number }>>;

export async function readBalances(session: Session, catalog: Catalog, pairs: Pairs): Promise<Balances> {
  const changes = await countByCode(session, 'change');
  const rejects = await countByCode(session, 'reject');
  const leftovers = await countLeftovers(session);
  const changedFields = await countChangedFields(session, knownFieldsOf(catalog), copiedFieldsOf(catalog));
  const taken = new Map((await countFormer(session)).map(({ formerName, documents }) => [formerName, documents]));
  const obsolete = await countObsolete(
    session,
    obsoleteFieldsOf(catalog),
    (catalog.dropped ?? []).map((one) => one.collection),
  );
  const balances: [string, CollectionBalance][] = [];
  for (const row of await readProgress(session)) {
    const leftover = leftovers.get(row.collection) ?? 0;
    const changed = changedFields.get(row.collection) ?? 0;
    const rejected = total(rejects.get(row.collection));
    const balance: CollectionBalance = {
      known: row.known,
      presentName: presentNameOf(catalog, row.collection),
      read: row.read + (taken.get(row.collection) ?? 0),
      taken: taken.get(row.collection) ?? 0,
      loaded: row.loaded,
      rejected,
      changed: total(changes.get(row.collection)),
      leftover,
      obsolete: obsolete.get(row.collection) ?? 0,
      links: catalog.junctions
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

export async function readPairs(session: Session, catalog: Catalog): Promise<Pairs> {
  const pairs: Record<string, { pairs: number; dangling: number }> = {};
  // A later release of NextCRM may have dropped one.
  const tables = await session.query<{ name: string }>(
    "select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
  );
  const present = new Set(tables.map(({ name }) => name));
  for (const { table } of catalog.junctions) {
    pairs[table] = { pairs: 0, dangling: 0 };
    if (!present.has(table)) continue;
    const [row] = await session.query<{ n: string }>(`select count(*) as n from public.${quoted(table)}`);
    pairs[table] = { pairs: Number(row?.n), dangling: 0 };
  }
  const dangling = await session.query<{ collection: string; field: string; n: string }>(
    `select collection, field, count(*) as n from ${stateSchema}.change where code = 'LINK_DANGLING' group by 1, 2`,
  );
  for (const { collection, field, n } of dangling) {
    const junction = specOf(catalog, collection)?.links[field]?.junction;
    const entry = junction === undefined ? undefined : pairs[junction];
    if (entry !== undefined) entry.dangling += Number(n);
  }
  return pairs;
}

/** In SQL: pairs of collection and field. */
function knownFieldsOf({ collections }: Catalog): readonly string[] {
  return collections.flatMap(({ collection, columns, links }) =>
    ['_id', ...Object.keys(columns), ...Object.keys(links)].map((field) => pair(collection, field)),
  );
}

/** A copy is recorded and stands for no field of the document. */
function copiedFieldsOf({ collections }: Catalog): readonly string[] {
  return collections.flatMap(({ collection, columns }) =>
    Object.entries(columns).flatMap(([field, { copiedFrom }]) => (copiedFrom === undefined ? [] : [pair(collection, field)])),
  );
}

function obsoleteFieldsOf({ collections }: Catalog): readonly string[] {
  return collections.flatMap(({ collection, obsolete = [] }) => obsolete.map((field) => pair(collection, field)));
}

const pair = (collection: string, field: string): string => `(${literal(collection)}, ${literal(field)})`;

function total(codes: ReadonlyMap<string, number> | undefined): number {
  return [...(codes?.values() ?? [])].reduce((sum, n) => sum + n, 0);
}
