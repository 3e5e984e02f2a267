/**
 * The simple queries of the app, from the catalog and the indexes: by primary key, the newest of a table, by each key, owner, status,
 * type and date that it filters by, both ends of each link, and each full-text search of docs/hand-over.md.
 */
import type { Kind } from '../../../src/catalog/index.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { blocksOf } from '../../../test/support/document.ts';
import { query } from '../database.ts';

const { collections, junctions } = nextcrm;

/** A page of a list. */
const limit = 50;

export type Work = 'by primary key' | 'newest' | 'by a filter' | 'by a date' | 'by a link' | 'without an index' | 'search';

export interface AppQuery {
  readonly table: string;
  readonly work: Work;
  /** The column that it filters by; of a search what it looks in. */
  readonly column: string;
  /** The column that it sorts by, null where it does not. */
  readonly sort: string | null;
  /** For Prisma Client; of a search the SQL. */
  readonly call:
    | { readonly method: 'findUnique' | 'findMany'; readonly argument: (value: unknown) => object }
    | { readonly sql: string };
}

/** The app sorts its lists by the day on which something was made, the newest first; which column holds it differs. */
const creationColumns = ['date_created', 'created_on', 'createdAt'];

export async function appQueries(url: string): Promise<readonly AppQuery[]> {
  const indexed = await indexedColumns(url);
  const queries: AppQuery[] = [];
  for (const { collection: table, columns } of collections) {
    const sort = creationColumns.find((name) => name in columns) ?? null;
    queries.push(byPrimaryKey(table));
    if (sort !== null) queries.push(newest(table, sort));
    for (const [column, { kind }] of Object.entries(columns)) {
      if (!isFilter(column, kind)) continue;
      const query = kind === 'timestamp' ? byDate(table, column) : byFilter(table, column, sort);
      // No query of the app is known that filters by these; if one does, this is what it costs.
      queries.push(indexed.has(`${table}.${column}`) ? query : { ...query, work: 'without an index' });
    }
  }
  for (const { table, left, right } of junctions) for (const { column } of [left, right]) queries.push(byLink(table, column));
  return [...queries, ...(await searches())];
}

/** Keys and owners are ids; what else is filtered by goes by these names. */
function isFilter(column: string, kind: Kind): boolean {
  if (['uuid', 'enum', 'boolean', 'timestamp'].includes(kind)) return true;
  return kind === 'text' && /status|type|visibility|priority|^user$|^createdAt$/i.test(column) && !/mimetype/i.test(column);
}

async function indexedColumns(url: string): Promise<ReadonlySet<string>> {
  const rows = await query<{ name: string }>(
    url,
    `select c.relname || '.' || a.attname as name
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where c.relnamespace = 'public'::regnamespace`,
  );
  return new Set(rows.map(({ name }) => name));
}

const byPrimaryKey = (table: string): AppQuery => ({
  table,
  work: 'by primary key',
  column: 'id',
  sort: null,
  call: { method: 'findUnique', argument: (id) => ({ where: { id } }) },
});

const newest = (table: string, sort: string): AppQuery => ({
  table,
  work: 'newest',
  column: sort,
  sort,
  call: { method: 'findMany', argument: () => ({ orderBy: { [sort]: 'desc' }, take: limit }) },
});

const byFilter = (table: string, column: string, sort: string | null): AppQuery => ({
  table,
  work: 'by a filter',
  column,
  sort,
  call: {
    method: 'findMany',
    argument: (value) => ({ where: { [column]: value }, ...(sort === null ? {} : { orderBy: { [sort]: 'desc' } }), take: limit }),
  },
});

const byDate = (table: string, column: string): AppQuery => ({
  table,
  work: 'by a date',
  column,
  sort: column,
  call: {
    method: 'findMany',
    argument: (value) => ({ where: { [column]: { lte: value } }, orderBy: { [column]: 'desc' }, take: limit }),
  },
});

const byLink = (table: string, column: string): AppQuery => ({
  table,
  work: 'by a link',
  column,
  sort: null,
  call: { method: 'findMany', argument: (value) => ({ where: { [column]: value }, take: limit }) },
});

async function searches(): Promise<readonly AppQuery[]> {
  return (await blocksOf('docs/hand-over.md')).flatMap(({ info, text }) => {
    const [, table, form = 'words'] = /^sql search (\S+)(?: (\S+))?$/.exec(info) ?? [];
    return table === undefined ? [] : [{ table, work: 'search' as const, column: form, sort: null, call: { sql: text } }];
  });
}
