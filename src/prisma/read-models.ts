/** Reads every table through Prisma Client, as the app will: what Prisma cannot read, the app cannot show. */
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import type { Catalog, CollectionSpec } from '../catalog/index.ts';
import { parseTargetUrl } from '../config/target-url.ts';
import { invariant } from '../failure.ts';
import { quoted } from '../target/quoted.ts';
import { PrismaClient } from './client/client.ts';
import { openPool } from './pool.ts';
import { unread } from './unread.ts';

export interface ModelRead {
  readonly model: string;
  /** Rows that came back: first, last and widest of a model, which may be the same one; one from a junction. */
  readonly rows: number;
  /** Why a row did not come back: Prisma's code, or the kind of error. Never its text, which may quote values. */
  readonly error: string | null;
}

/** What is read: the tables of a catalog. */
export type Models = Pick<Catalog, 'collections' | 'junctions' | 'lookupTables'>;

interface Model {
  findFirst(query: { readonly orderBy: { readonly id: 'asc' | 'desc' } }): PromiseLike<unknown>;
  findUnique(query: { readonly where: { readonly id: string } }): PromiseLike<unknown>;
}

interface Junction {
  findFirst(): PromiseLike<unknown>;
}

/** The first and the last row of each model by id and its widest one, and one row of each junction and lookup table. */
export async function readModels(url: string, { collections, junctions, lookupTables }: Models): Promise<readonly ModelRead[]> {
  const parsed = parseTargetUrl(url, process.cwd());
  invariant('value' in parsed, 'The URL of the target was parsed before');
  const pool = await openPool(parsed.value, 'Prisma Client');
  // Its default, 'pretty', writes every error to stderr with a piece of our source.
  const client = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal', log: [] });
  try {
    await connected(pool);
    const reads: ModelRead[] = [];
    for (const spec of collections) {
      reads.push(await firstLastAndWidest(spec, delegateOf<Model>(client, spec.collection), pool));
    }
    for (const table of [...junctions.map((junction) => junction.table), ...lookupTables])
      reads.push(await attempt(table, () => delegateOf<Junction>(client, table).findFirst()));
    // Where the server is gone, nothing of all this is the fault of a row.
    await pool.query('select 1').catch((cause: unknown) => Promise.reject(unread(cause)));
    return reads;
  } finally {
    await client.$disconnect();
    await pool.end();
  }
}

const connectTriesMax = 10;

/**
 * The connection that all reads use, once its own limits are set: a server may have limits of milliseconds, which end one that a busy machine
 * is slow to set up.
 */
async function connected(pool: Pool): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await pool.query('select 1');
      return;
    } catch (error) {
      if (tries === connectTriesMax) throw unread(error);
    }
  }
}

async function firstLastAndWidest(spec: CollectionSpec, delegate: Model, pool: Pool): Promise<ModelRead> {
  const { collection } = spec;
  const first = await attempt(collection, () => delegate.findFirst({ orderBy: { id: 'asc' } }));
  const isEmpty = first.rows === 0 && first.error === null;
  if (isEmpty) return first;
  const last = await attempt(collection, () => delegate.findFirst({ orderBy: { id: 'desc' } }));
  return joined(collection, [first, last, await widest(spec, delegate, pool)]);
}

/**
 * Of the rows up to this size, as the server stores them (long values compressed): MongoDB holds no document beyond 16 MB, and a client
 * that reads a row needs several times its size.
 */
const rowBytesMax = 4 * 1024 * 1024;

/** The sizes are read from the rows' heads, so that the server unpacks no long value. */
async function widest({ collection, columns }: CollectionSpec, delegate: Model, pool: Pool): Promise<ModelRead> {
  return await attempt(collection, async () => {
    const sizes = ['id', ...Object.keys(columns)].map((column) => `coalesce(pg_column_size(${quoted(column)}), 0)`);
    const { rows } = await pool.query<{ id: string }>(
      `select id::text as id from (select id, ${sizes.join(' + ')} as bytes from public.${quoted(collection)}) t
       where bytes <= $1 order by bytes desc, id limit 1`,
      [rowBytesMax],
    );
    const [row] = rows;
    return row === undefined ? null : await delegate.findUnique({ where: { id: row.id } });
  });
}

function joined(model: string, reads: readonly ModelRead[]): ModelRead {
  return {
    model,
    rows: reads.reduce((sum, { rows }) => sum + rows, 0),
    error: reads.find(({ error }) => error !== null)?.error ?? null,
  };
}

/** Twice: a connection that broke is another one the second time, a row that cannot be read stays what it is. */
async function attempt(model: string, read: () => PromiseLike<unknown>): Promise<ModelRead> {
  let failed: unknown;
  for (let times = 0; times < 2; times += 1) {
    try {
      return { model, rows: (await read()) === null ? 0 : 1, error: null };
    } catch (error) {
      failed = error;
    }
  }
  return { model, rows: 0, error: kindOf(failed) };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
}

/** The client names a model as its table, with its first letter small. */
function delegateOf<D>(client: PrismaClient, table: string): D {
  const delegate: unknown = client[(table.charAt(0).toLowerCase() + table.slice(1)) as keyof PrismaClient];
  invariant(typeof delegate === 'object' && delegate !== null, `Prisma Client has no model ${table}`);
  // By name the generated types of the models cannot be told apart; all of them have these methods.
  return delegate as D;
}
