/**
 * Our load of account documents beside `psql \copy` of the same rows in binary into the same table with the same primary key,
 * alternating in one run on one server. Prints medians and the ratio; asserts nothing: the machine decides.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../lib/postgres/embedded-server.ts';
import { accountsOnly } from '../sample/plan.ts';
import { writeSample } from '../sample/sample.ts';
import { freshDatabase, makeBareTables } from './database.ts';
import { runProgram } from './program.ts';
import { copyFromFile, copyToFile } from './psql.ts';

const { values } = parseArgs({
  options: { accounts: { type: 'string', default: '300000' }, rounds: { type: 'string', default: '3' } },
});
const accounts = Number(values.accounts);
const rounds = Number(values.rounds);

const folder = await mkdtemp(join(tmpdir(), 'nextcrm-bench-'));
try {
  await using server = await startEmbedded();
  console.log(
    `${accounts} account documents, ${rounds} rounds, ${server.description}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`,
  );
  let bytes = 0;
  for await (const written of writeSample({
    out: join(folder, 'dump'),
    seed: 1,
    plan: accountsOnly(accounts),
    dirt: 'none',
    gzip: false,
  }))
    bytes += written.bytes;
  const source = pathToFileURL(join(folder, 'dump')).href;
  const rows = join(folder, 'rows.copy');

  const ours: number[] = [];
  const copies: number[] = [];
  let rssMax = 0;
  for (let round = 0; round < rounds; round += 1) {
    await using migrated = await freshDatabase(server.url);
    const run = await runProgram(source, migrated.url, join(folder, `volume-${round}`));
    ours.push(run.loadSeconds);
    rssMax = Math.max(rssMax, run.rssBytesMax);
    if (round === 0) await copyToFile(migrated.url, 'crm_Accounts', rows);
    await using bare = await freshDatabase(server.url);
    await makeBareTables(bare.url);
    copies.push(await copyFromFile(bare.url, 'crm_Accounts', rows));
    console.log(
      `round ${round + 1}: load ${run.loadSeconds.toFixed(2)} s, \\copy ${copies.at(-1)?.toFixed(2)} s, whole run ${run.seconds.toFixed(1)} s`,
    );
  }
  const [load, copy] = [median(ours), median(copies)];
  const rate = (seconds: number) => `${Math.round(accounts / seconds).toLocaleString('en')} documents/s`;
  console.log(`load   ${load.toFixed(2)} s  ${rate(load)}  ${(bytes / 1e6 / load).toFixed(0)} MB of BSON/s`);
  console.log(`\\copy  ${copy.toFixed(2)} s  ${rate(copy)}`);
  console.log(
    `ratio  ${(copy / load).toFixed(2)} of the rate of \\copy (goal: 0.7); our process at most ${Math.round(rssMax / 1e6)} MB RSS (goal: 250)`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
