/** The measurement: everything in one run, on one server, alternating, so that what slows the machine down slows all of it down. */
import { join } from 'node:path';
import { insertBy, scan } from './alternatives.ts';
import { accounts, type Data, mix } from './data.ts';
import { bareDatabase, freshDatabase, serverProcess, settle } from './database.ts';
import { machine, revision, serverSettings, versions } from './machine.ts';
import { mongodump } from './mongodump.ts';
import type { Options } from './options.ts';
import { PairRounds, type Server } from './pair.ts';
import { firstBatchSeconds, type ProgramRun, runProgram } from './program.ts';
import { type Measured, measured, median, type Results, type Round } from './results.ts';
import { inMongoDB } from './source-server.ts';

const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
const shown = (seconds: number | undefined) => `${(seconds ?? Number.NaN).toFixed(2)} s`;

export async function measure(options: Options, serverUrl: string, folder: string): Promise<Results> {
  await using bare = await bareDatabase(serverUrl);
  const server: Server = { url: serverUrl, pid: await serverProcess(serverUrl), bare: bare.name };
  if (server.pid === null) say("the server's processes are not visible: its CPU time and memory are not reported");
  const common = {
    measuredAt: new Date().toISOString(),
    revision: await revision(),
    machine: machine(),
    versions: await versions(serverUrl),
    server: await serverSettings(serverUrl),
    rounds: options.rounds,
  };
  const accountsPair = await measureAccounts(options, server, folder);
  const rest = options.documents === null ? nothingElse : await measureMix(options, options.documents, server, folder);
  return { ...common, accounts: accountsPair, ...rest };
}

const nothingElse = {
  mix: null,
  scan: null,
  createMany: null,
  multiRow: null,
  mongodump: 'it was not requested',
  otherSizes: [],
  fromServer: [],
  startUp: null,
} satisfies Partial<Results>;

async function measureAccounts({ accounts: count, rounds }: Options, server: Server, folder: string) {
  if (count === null) return null;
  const data = await made(accounts(folder, count));
  const pair = new PairRounds(server, data, join(folder, 'accounts'));
  for (let round = 1; round <= rounds; round += 1) await pairRound(pair, `accounts, round ${round} of ${rounds}`);
  return pair.result();
}

async function measureMix({ rounds, ...options }: Options, documents: number, server: Server, folder: string) {
  const data = await made(mix(folder, documents));
  const smaller = await Promise.all(options.growth.filter((size) => size !== documents).map((size) => made(mix(folder, size))));
  const share = smaller.find((each) => each.documents >= options.alternatives) ?? data;
  const pair = new PairRounds(server, data, join(folder, 'mix'));
  const others = smaller.map((each) => new PairRounds(server, each, join(folder, `mix-${each.documents}`)));
  const found = { scan: [] as Round[], createMany: [] as Round[], multiRow: [] as Round[] };
  for (let round = 1; round <= rounds; round += 1) {
    const what = `round ${round} of ${rounds}`;
    await pairRound(pair, `${data.name}, ${what}`);
    found.scan.push(await reported('(b) read and dropped', scan(data)));
    found.createMany.push(await reported(`(e) createMany, ${share.name}`, insertBy('create-many', server, share)));
    found.multiRow.push(await reported(`(f) multi-row inserts, ${share.name}`, insertBy('multi-row', server, share)));
    for (const other of others) await pairRound(other, `${other.data.name}, ${what}`);
  }
  return {
    mix: pair.result(),
    scan: measured(found.scan, data),
    createMany: measured(found.createMany, share),
    multiRow: measured(found.multiRow, share),
    mongodump: await mongodump(options.mongodb, data, rounds, folder),
    otherSizes: others.map((other) => other.result()),
    fromServer: options.mongodb === null ? [] : await fromServer(options.mongodb, server, [...smaller, data], rounds, folder),
    startUp: { ...(await startUp(server, data, folder, rounds)), noop: median(pair.noops) },
  };
}

async function made(data: Promise<Data>): Promise<Data> {
  const { name, documents, bytes } = await data;
  say(`made ${name}: ${documents.toLocaleString('en')} documents, ${(bytes / 1e6).toFixed(0)} MB`);
  return data;
}

async function pairRound(pair: PairRounds, what: string): Promise<void> {
  say(what);
  const { seconds, steps } = await pair.ours();
  say(
    `  (c) load ${shown(steps['load'])}, (d) whole run ${shown(seconds)}, index ${shown(steps['index'])}, validate ${shown(steps['validate'])}`,
  );
  const { copySeconds, restoreSeconds } = await pair.psql();
  say(`  (a) psql \\copy ${shown(copySeconds)}, keys and indexes by psql ${shown(restoreSeconds)}`);
}

async function reported(what: string, round: Promise<Round>): Promise<Round> {
  say(`  ${what}: ${shown((await round).seconds)}`);
  return round;
}

/** (d) of each of `sizes`, which is put into a database of its own there. */
async function fromServer(mongodbUrl: string, server: Server, sizes: readonly Data[], rounds: number, folder: string) {
  const found: Measured[] = [];
  for (const data of sizes) {
    await using source = await inMongoDB(mongodbUrl, data);
    const runs: ProgramRun[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await using database = await freshDatabase(server.url);
      await settle(server.url);
      const volume = join(folder, `volume-server-${data.documents}-${round}`);
      runs.push(await runProgram(source.url, { url: database.url, serverPid: server.pid }, volume));
      say(`  (d) ${data.name}, from MongoDB: ${shown(runs.at(-1)?.seconds)}`);
    }
    found.push(measured(runs, data));
  }
  return found;
}

/** To the first batch in the target: on a fresh one, and on one where a run was interrupted. */
async function startUp(server: Server, data: Data, folder: string, rounds: number): Promise<{ fresh: number; resume: number }> {
  const [fresh, resume]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    await using database = await freshDatabase(server.url);
    const place = { url: database.url, serverPid: server.pid };
    const volume = join(folder, `volume-start-${round}`);
    fresh.push(await firstBatchSeconds(data.source, place, volume));
    resume.push(await firstBatchSeconds(data.source, place, volume));
  }
  say(`  to the first batch: ${shown(median(fresh))} on a fresh target, ${shown(median(resume))} on resume`);
  return { fresh: median(fresh), resume: median(resume) };
}
