/** `psql` as a program of its own, timed and watched: the limit that the load is measured against. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { binFolder, postgresBinaries } from '../lib/postgres/binaries.ts';
import { type Ran, runChild } from './child.ts';

export interface Place {
  readonly url: string;
  readonly serverPid: number | null;
}

const psql = async () => join(binFolder(await postgresBinaries()), 'psql');

/** Runs the lines of a file in one session; every line is a statement or a command of psql. */
export async function runScript({ url, serverPid }: Place, file: string, lines: readonly string[]): Promise<Ran> {
  await writeFile(file, `${lines.join('\n')}\n`);
  return await runChild(await psql(), ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--file', file, url], { serverPid });
}

const quoted = (table: string) => `public."${table}"`;

export const copyOutLine = (table: string, file: string) => `\\copy ${quoted(table)} to '${file}' with (format binary)`;
export const copyInLine = (table: string, file: string) => `\\copy ${quoted(table)} from '${file}' with (format binary)`;
