/** The other ways to bring the same documents over, each as a program of its own; they time themselves, without their start. */
import { fileURLToPath } from 'node:url';
import { runChild } from './child.ts';
import type { Data } from './data.ts';
import { freshDatabase, settle } from './database.ts';
import type { Server } from './pair.ts';
import type { Round } from './results.ts';

const program = (name: string) => fileURLToPath(new URL(`./alternatives/${name}.ts`, import.meta.url));

async function timed(name: string, args: readonly string[], serverPid: number | null): Promise<Round> {
  const { output, usage } = await runChild(process.execPath, [program(name), ...args], { serverPid });
  const { seconds } = JSON.parse(output) as { seconds: number };
  return { seconds, usage };
}

/** (b) */
export const scan = ({ source }: Data): Promise<Round> => timed('scan', [source], null);

/** (e) and (f), into the same tables as \copy and our load: without the keys and indexes that would slow them down. */
export async function insertBy(way: 'create-many' | 'multi-row', { url, bare, pid }: Server, { folder }: Data): Promise<Round> {
  await using database = await freshDatabase(url, bare);
  await settle(url);
  return await timed(way, [folder, database.url], pid);
}
