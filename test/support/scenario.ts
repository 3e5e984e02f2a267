/** A scenario of dirty data: a folder of test/scenarios with a source, what must happen to it, and why it stands there. */
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, EJSON } from 'bson';
import type { LayerResult } from '../../src/findings/finding.ts';
import { writeDump } from './dump.ts';

const scenariosFolder = fileURLToPath(new URL('../scenarios', import.meta.url));

type Cell = string | null;

/**
 * `expected.json`. Rows, changes, rejects, leftovers and pairs are all of them, in any order; what is not named must be empty.
 * Every value is the text that the server shows; one of more than 300 bytes is written as its size and MD5.
 */
export interface Expected {
  readonly exit: number;
  /** The run begins with an empty database, rather than at the step "load". */
  readonly emptyTarget?: true;
  /** The code of a failure that stops the run; then nothing else is looked at. */
  readonly failure?: string;
  /** By table: chosen columns of every row (`id` too), or only how many rows there are. "$startedAt" is the migration's start. */
  readonly rows?: { readonly [table: string]: number | readonly { readonly [column: string]: Cell }[] };
  /** Collection, source id, field, code. */
  readonly rejects?: readonly (readonly Cell[])[];
  /** Collection, source id, field, code, original. */
  readonly changes?: readonly (readonly Cell[])[];
  /** How many changes by "Collection field CODE", in place of `changes` where there are very many. */
  readonly changeCounts?: { readonly [change: string]: number };
  /** Collection, source id, field, value. */
  readonly leftovers?: readonly (readonly Cell[])[];
  /** By junction table, left and right. */
  readonly pairs?: { readonly [junction: string]: readonly (readonly Cell[])[] };
  /** Findings other than the rejected documents: "CODE collection.field count". */
  readonly findings?: readonly string[];
  /** Where the source is damaged: "file at byte offset". */
  readonly damage?: readonly string[];
  /** "CODE place", as the report has it; MISSING_COLLECTION is compared only where one is named. */
  readonly notes?: readonly string[];
  /** Layers that do not pass. */
  readonly layers?: { readonly [layer: string]: LayerResult['status'] };
}

export interface Scenario {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly expected: Expected;
}

/** `make.ts` writes what neither JSON nor a file of reasonable size can say, beside what stands in the folder. */
export type Make = (databaseFolder: string) => Promise<void>;

export async function readScenarios(): Promise<readonly Scenario[]> {
  const names = (await readdir(scenariosFolder)).sort();
  return Promise.all(
    names.map(async (name) => {
      const folder = join(scenariosFolder, name);
      const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Expected;
      return { name, folder, files: await readdir(folder), expected };
    }),
  );
}

/** What is done to the target before the run, by `before.sql`: for servers that are not as they should be. */
export async function targetScript({ folder, files }: Scenario): Promise<string> {
  return files.includes('before.sql') ? await readFile(join(folder, 'before.sql'), 'utf8') : '';
}

/** Writes the scenario's source as a dump of one database into `databaseFolder`. */
export async function writeSource({ folder, files }: Scenario, databaseFolder: string): Promise<void> {
  await mkdir(databaseFolder, { recursive: true });
  if (files.includes('source.json')) {
    const text = await readFile(join(folder, 'source.json'), 'utf8');
    await writeDump(databaseFolder, EJSON.parse(text, { relaxed: false }) as Record<string, Document[]>);
  }
  for (const file of files) {
    if (/\.(bson|metadata\.json)(\.gz)?$/.test(file)) await copyFile(join(folder, file), join(databaseFolder, file));
  }
  if (files.includes('make.ts')) {
    const { make } = (await import(join(folder, 'make.ts'))) as { readonly make: Make };
    await make(databaseFolder);
  }
}
