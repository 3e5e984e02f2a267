/** One round of our program beside `psql \copy` of exactly the rows that result, each into fresh tables on the same server. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nextcrm } from '../../src/catalog/nextcrm.ts';
import type { Ran } from './child.ts';
import type { Data } from './data.ts';
import { freshDatabase, settle } from './database.ts';
import { keysAndIndexesOf, tablesOf } from './definitions.ts';
import { noopSeconds, type ProgramRun, runProgram } from './program.ts';
import { copyInLine, copyOutLine, type Place, runScript } from './psql.ts';
import { measured, type Pair, type Round } from './results.ts';
import type { Usage } from './watch.ts';

const { junctions } = nextcrm;

export interface Server {
  readonly url: string;
  readonly pid: number | null;
  /** A database with NextCRM's tables and primary keys alone. */
  readonly bare: string;
}

/** What psql needs to repeat what our program made, taken from the first database that it made. */
interface Rows {
  readonly tables: readonly string[];
  readonly definitions: readonly string[];
}

/** As our own session sets it: the limit is what a user who knows the server would reach. */
const buildingMemory = "set maintenance_work_mem = '256MB';";

const junctionTables: ReadonlySet<string> = new Set(junctions.map(({ table }) => table));

export class PairRounds {
  readonly #server: Server;
  readonly data: Data;
  readonly #folder: string;
  #rows: Rows | null = null;
  #number = 0;
  readonly #runs: ProgramRun[] = [];
  readonly #collections: Round[] = [];
  readonly #copies: Round[] = [];
  readonly #restores: Round[] = [];
  readonly #analyses: Round[] = [];
  readonly noops: number[] = [];

  /** `folder` takes the rows as files, and a volume for each run. */
  constructor(server: Server, data: Data, folder: string) {
    this.#server = server;
    this.data = data;
    this.#folder = folder;
  }

  async ours(): Promise<ProgramRun> {
    const { url, pid } = this.#server;
    const volume = join(this.#folder, `volume-${this.#number++}`);
    await using database = await freshDatabase(url);
    await settle(url);
    const place = { url: database.url, serverPid: pid };
    const run = await runProgram(this.data.source, place, volume);
    this.#runs.push(run);
    this.noops.push(await noopSeconds(this.data.source, place, volume));
    this.#rows ??= await this.#takeRows(place);
    return run;
  }

  async #takeRows(place: Place): Promise<Rows> {
    await mkdir(this.#folder, { recursive: true });
    const tables = await tablesOf(place.url);
    await runScript(
      place,
      join(this.#folder, 'out.sql'),
      tables.map((table) => copyOutLine(table, this.#file(table))),
    );
    return { tables, definitions: await keysAndIndexesOf(place.url) };
  }

  #file(table: string): string {
    return join(this.#folder, `${table}.copy`);
  }

  async psql(): Promise<{ readonly copySeconds: number; readonly restoreSeconds: number }> {
    if (this.#rows === null) throw new Error('the migration must run first: psql copies its rows');
    const { tables, definitions } = this.#rows;
    const { url, pid, bare } = this.#server;
    await using database = await freshDatabase(url, bare);
    await settle(url);
    const place = { url: database.url, serverPid: pid };
    const lines = (ofJunctions: boolean) =>
      tables.filter((table) => junctionTables.has(table) === ofJunctions).map((table) => copyInLine(table, this.#file(table)));
    const script = (name: string, statements: readonly string[]) => runScript(place, join(this.#folder, name), statements);
    const collections = await script('collections.sql', lines(false));
    const copy = joined(collections, await script('junctions.sql', lines(true)));
    const restore = await script('restore.sql', [buildingMemory, ...definitions]);
    this.#collections.push(collections);
    this.#copies.push(copy);
    this.#restores.push(restore);
    this.#analyses.push(await script('analyze.sql', ['analyze;']));
    return { copySeconds: copy.seconds, restoreSeconds: restore.seconds };
  }

  result(): Pair {
    const of = (rounds: readonly Round[]) => measured(rounds, this.data);
    const names = Object.keys(this.#runs[0]?.steps ?? {});
    return {
      data: this.data.name,
      copy: of(this.#copies),
      copyOfCollections: of(this.#collections),
      restore: of(this.#restores),
      analyze: of(this.#analyses),
      load: of(this.#runs.map(({ steps, loadUsage }) => ({ seconds: steps['load'] ?? Number.NaN, usage: loadUsage }))),
      whole: of(this.#runs),
      steps: Object.fromEntries(names.map((name) => [name, this.#runs.map(({ steps }) => steps[name] ?? Number.NaN)])),
    };
  }
}

function joined(first: Ran, second: Ran): Round {
  const both = (of: (usage: Usage) => number | null, join: (a: number, b: number) => number) => {
    const [a, b] = [of(first.usage), of(second.usage)];
    return a === null || b === null ? null : join(a, b);
  };
  const sum = (a: number, b: number) => a + b;
  return {
    seconds: first.seconds + second.seconds,
    usage: {
      cpuSeconds: first.usage.cpuSeconds + second.usage.cpuSeconds,
      rssBytesMax: Math.max(first.usage.rssBytesMax, second.usage.rssBytesMax),
      childrenRssBytesMax: 0,
      serverCpuSeconds: both((usage) => usage.serverCpuSeconds, sum),
      serverBytesMax: both((usage) => usage.serverBytesMax, Math.max),
    },
  };
}
