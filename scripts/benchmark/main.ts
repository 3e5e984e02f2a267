/** `scripts/bench`: measures, prints, and writes what it found into docs/. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../lib/postgres/embedded-server.ts';
import { measure } from './measure.ts';
import { type Options, readOptions, usage } from './options.ts';
import { measureQueries } from './queries/measure.ts';
import { chart } from './report/chart.ts';
import { keep, writeChart } from './report/files.ts';
import { measuredSection, summaryOf } from './report/measured.ts';
import { queriesSection } from './report/queries.ts';

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-bench-'));
  // Gigabytes, which must not stay behind. The server ends with this process, and what still works on it with the server.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(1);
    });
  }
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runBenchmark(options: Options): Promise<void> {
  await using own = options.server === null ? await startEmbedded({ durable: true }) : null;
  const serverUrl = options.server ?? own?.url ?? '';
  const results = await withFolder((folder) => measure(options, serverUrl, folder));
  console.log(`\n${summaryOf(results)}`);
  if (options.dry) return;
  await keep('measured', results, measuredSection(results));
  await writeChart(chart(results));
}

async function runQueries(options: Options): Promise<void> {
  const results = await withFolder((folder) => measureQueries(options.documents ?? 0, options.restarts, folder));
  const section = queriesSection(results);
  console.log(`\n${section}`);
  if (!options.dry) await keep('queries', results, section);
}

function optionsOrUsage(): Options | null {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

const options = optionsOrUsage();
if (options === null) console.log(usage);
else await (options.queries ? runQueries(options) : runBenchmark(options));
