/** Migrates each worst case into a database of its own and tells the time of a document beside that of clean data. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serialize } from 'bson';
import type { Report } from '../../../src/report/model.ts';
import { program } from '../../lib/program.ts';
import { runChild } from '../child.ts';
import { freshDatabase, serverProcess, settle } from '../database.ts';
import { machine, revision, versions } from '../machine.ts';
import type { Machine } from '../results.ts';
import { cases, users, type WorstCase } from './cases.ts';

export interface WorstResult {
  readonly name: string;
  readonly clean: string | null;
  readonly exit: number | string;
  readonly seconds: number;
  /** What grows with the documents: the seconds behind those of a run of a few. */
  readonly microsecondsADocument: number;
  /** To that of the clean case. */
  readonly ratio: number;
  readonly rssBytesMax: number;
}

export interface WorstResults {
  readonly measuredAt: string;
  readonly revision: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly documents: number;
  readonly results: readonly WorstResult[];
}

export const ratioMax = 10;

/** A run of this few shows what every run takes. */
const few = 10;

export async function measureWorst(documents: number, only: string, serverUrl: string, folder: string): Promise<WorstResults> {
  const results: WorstResult[] = [];
  const run = (of: WorstCase, count: number) => migrate(of, count, serverUrl, join(folder, 'case'));
  const [first] = cases;
  if (first === undefined) throw new Error('there are no cases');
  // The first run of all fills caches of the machine.
  await run(first, few);
  const base = (await run(first, few)).seconds;
  for (const of of cases.filter(({ name, clean }) => clean === null || name.includes(only))) {
    const { seconds, exit, rssBytesMax } = await run(of, documents);
    const microseconds = Math.max(1, ((seconds - base) / documents) * 1e6);
    const clean = results.find(({ name }) => name === of.clean)?.microsecondsADocument ?? microseconds;
    const result = { name: of.name, clean: of.clean, exit, seconds, rssBytesMax };
    results.push({ ...result, microsecondsADocument: microseconds, ratio: microseconds / clean });
    console.log(`${of.name}: ${seconds.toFixed(1)} s, ratio ${(microseconds / clean).toFixed(2)}, exit ${exit}`);
  }
  const made = { measuredAt: new Date().toISOString(), revision: await revision(), machine: machine() };
  return { ...made, versions: await versions(serverUrl), documents, results };
}

interface Ran {
  readonly seconds: number;
  readonly exit: number | string;
  readonly rssBytesMax: number;
}

async function migrate(of: WorstCase, documents: number, serverUrl: string, folder: string): Promise<Ran> {
  const dump = join(folder, 'dump', 'nextcrm');
  await mkdir(dump, { recursive: true });
  if (of.collection !== 'Users') await writeFileOf(join(dump, 'Users.bson'), users.length, (index) => users[index] ?? {});
  await writeFileOf(join(dump, `${of.collection}.bson`), documents, of.documentOf);
  await using database = await freshDatabase(serverUrl);
  await settle(serverUrl);
  const volume = join(folder, 'volume');
  const { seconds, exit, usage, output } = await runChild(program, [], {
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      MONGODB_URL: pathToFileURL(join(folder, 'dump')).href,
      DATABASE_URL: database.url,
      MIGRATION_DIR: volume,
    },
    serverPid: await serverProcess(serverUrl),
    exit: null,
  });
  if (exit !== 0 && exit !== 1) throw new Error(`${of.name}: the program ended with ${exit}: ${output.slice(-2000)}`);
  const { collections } = JSON.parse(await readFile(join(volume, 'report.json'), 'utf8')) as Report;
  const read = collections[of.collection]?.read;
  if (read !== documents) throw new Error(`${of.name}: ${read} of ${documents} documents were read`);
  await rm(folder, { recursive: true });
  return { seconds, exit, rssBytesMax: usage.rssBytesMax };
}

async function writeFileOf(path: string, count: number, documentOf: WorstCase['documentOf']): Promise<void> {
  const file = createWriteStream(path);
  for (let index = 0; index < count; index += 1) if (!file.write(serialize(documentOf(index)))) await once(file, 'drain');
  file.end();
  await once(file, 'close');
}
