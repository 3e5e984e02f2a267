/** A MongoDB server in a Docker network, as the app's compose file has one, and what is put into it. */
import type { MongoClient } from 'mongodb';
import { docker } from '../../../scripts/lib/docker.ts';
import { saysInLog } from './image.ts';

const mongo = 'mongo:7';

export interface MongoContainer extends AsyncDisposable {
  readonly container: string;
  /** Published on this machine. */
  readonly port: number;
}

export interface MongoContainerOptions {
  /** Options of `docker run`. */
  readonly options?: readonly string[];
  /** The server's command line, where the image holds MongoDB's own. */
  readonly mongod?: readonly string[];
}

/** In `network` by the name `mongodb`. */
export async function mongoContainer(
  network: string,
  { options = [], mongod = [] }: MongoContainerOptions = {},
): Promise<MongoContainer> {
  const place = ['--network', network, '--network-alias', 'mongodb', '--publish', '27017'];
  const command = (await isMongod()) ? mongod : [];
  const { code, output } = await docker(['run', '--detach', ...place, ...options, mongo, ...command], 60_000);
  if (code !== 0) throw new Error(output);
  const container = output.trim();
  await saysInLog(container, /Waiting for connections/);
  const published = (await docker(['port', container, '27017/tcp'], 10_000)).output;
  return {
    container,
    port: Number(/:(\d+)\s/.exec(published)?.[1]),
    [Symbol.asyncDispose]: async () => void (await docker(['rm', '--force', '--volumes', container], 60_000)),
  };
}

/** False where the image's server is another one that speaks MongoDB's protocol and has a command line of its own. */
async function isMongod(): Promise<boolean> {
  return (await docker(['run', '--rm', '--entrypoint', 'which', mongo, 'mongod'], 30_000)).code === 0;
}

const writing =
  /^(insert|update|delete|findAndModify|create|drop|rename|collMod|bulkWrite|mapReduce|copy|convert|reIndex|compact)/i;

/** How often each command that writes was called, by the server's own counters. */
export async function writesCounted(client: MongoClient): Promise<Record<string, number>> {
  const { metrics } = await client.db('admin').command({ serverStatus: 1 });
  const commands = Object.entries(metrics.commands as Record<string, { total?: unknown }>);
  const counted = commands.filter(([name, { total }]) => writing.test(name) && Number(total) > 0);
  return Object.fromEntries(counted.map(([name, { total }]) => [name, Number(total)]));
}
