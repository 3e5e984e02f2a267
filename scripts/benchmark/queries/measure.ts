/** Migrates a sample, then asks what the app asks: warm, right after restarts of the server, and by the server's plan. */
import { join } from 'node:path';
import pg from 'pg';
import { type OwnServer, ownServer } from '../../../test/support/own-server.ts';
import { mix } from '../data.ts';
import { freshDatabase, query } from '../database.ts';
import { machine, revision, serverSettings, versions } from '../machine.ts';
import { runProgram } from '../program.ts';
import type { Machine } from '../results.ts';
import { type AppClient, appClient } from './client.ts';
import { type AppQuery, appQueries } from './list.ts';
import { largeScans } from './plan.ts';
import { valuesFor } from './values.ts';

/** Of each query, with its values in turn. */
const warmCalls = 60;

export interface QueryResult {
  readonly table: string;
  readonly rows: number;
  readonly work: AppQuery['work'];
  readonly column: string;
  readonly sort: string | null;
  /** Milliseconds. */
  readonly warm: { readonly p50: number; readonly p95: number };
  readonly cold: { readonly p50: number; readonly p95: number };
  /** Large tables that the server reads from end to end, for any of the values. */
  readonly scans: readonly string[];
}

export interface QueryResults {
  readonly measuredAt: string;
  readonly revision: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly server: string;
  readonly documents: number;
  readonly restarts: number;
  /** Columns that hold nothing in the sample, as `table.column`: there is nothing to be asked for. */
  readonly empty: readonly string[];
  readonly queries: readonly QueryResult[];
}

interface Asked {
  readonly query: AppQuery;
  readonly values: readonly unknown[];
  readonly warm: number[];
  readonly cold: number[];
  readonly scans: Set<string>;
}

const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

export async function measureQueries(documents: number, restarts: number, folder: string): Promise<QueryResults> {
  await using server = await ownServer();
  await using database = await freshDatabase(server.url);
  const { url } = database;
  say(`making and migrating ${documents.toLocaleString('en')} documents`);
  const data = await mix(folder, documents);
  await runProgram(data.source, { url, serverPid: null }, join(folder, 'volume'));

  const asked: Asked[] = [];
  const empty: string[] = [];
  for (const each of await appQueries(url)) {
    const values = await valuesFor(url, each);
    if (values.length > 0) asked.push({ query: each, values, warm: [], cold: [], scans: new Set() });
    else empty.push(`${each.table}.${each.column}`);
  }
  const rowsOf = await rowCounts(url);
  await using client = appClient(url);
  say(`${asked.length} queries: plans`);
  await explainAll(url, client, asked, rowsOf);
  say('warm');
  for (const each of asked) await askWarm(client, each);
  for (let restart = 1; restart <= restarts; restart += 1) {
    say(`after restart ${restart} of ${restarts}`);
    await restartServer(server);
    await askCold(client, asked, restart);
  }
  const common = {
    revision: await revision(),
    machine: machine(),
    versions: await versions(url),
    server: await serverSettings(url),
  };
  return {
    measuredAt: new Date().toISOString(),
    ...common,
    documents,
    restarts,
    empty,
    queries: asked.map((each) => resultOf(each, rowsOf)),
  };
}

async function rowCounts(url: string): Promise<ReadonlyMap<string, number>> {
  const rows = await query<{ name: string; rows: number }>(
    url,
    `select relname::text as name, reltuples::float8 as rows from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  return new Map(rows.map(({ name, rows }) => [name, Math.max(0, Math.round(rows))]));
}

async function explainAll(
  url: string,
  client: AppClient,
  asked: readonly Asked[],
  rowsOf: ReadonlyMap<string, number>,
): Promise<void> {
  const explainer = new pg.Client({ connectionString: url });
  await explainer.connect();
  try {
    for (const { query: each, values, scans } of asked) {
      for (const value of values) {
        await client.ask(each, value);
        for (const sent of client.sent()) for (const table of await largeScans(explainer, sent, rowsOf)) scans.add(table);
      }
    }
  } finally {
    await explainer.end();
  }
}

async function askWarm(client: AppClient, { query: each, values, warm }: Asked): Promise<void> {
  for (let call = 0; call < warmCalls; call += 1) warm.push(await client.ask(each, values[call % values.length]));
}

/** As after a power cut: nothing is left in the server's memory. The files stay in the system's cache. */
async function restartServer(server: OwnServer): Promise<void> {
  await query(server.url, 'checkpoint');
  await server.kill();
  await server.start();
}

/** Each query begins at another place after each restart, so that none has always been warmed by the same others. */
async function askCold(client: AppClient, asked: readonly Asked[], restart: number): Promise<void> {
  await client.connect();
  const first = (restart * 37) % asked.length;
  for (const { query: each, values, cold } of [...asked.slice(first), ...asked.slice(0, first)])
    cold.push(await client.ask(each, values[restart % values.length]));
}

function resultOf({ query: each, warm, cold, scans }: Asked, rowsOf: ReadonlyMap<string, number>): QueryResult {
  const { table, work, column, sort } = each;
  const both = (times: readonly number[]) => ({ p50: percentile(times, 0.5), p95: percentile(times, 0.95) });
  return { table, rows: rowsOf.get(table) ?? 0, work, column, sort, warm: both(warm), cold: both(cold), scans: [...scans] };
}

/** The smallest time that at least this share of the calls kept. */
function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  const at = Math.max(0, Math.ceil(sorted.length * share) - 1);
  return Math.round((sorted[at] ?? Number.NaN) * 100) / 100;
}
