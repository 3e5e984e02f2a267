/** A lasting embedded PostgreSQL, started by pg_ctl. */
import { dirname, join } from 'node:path';
import {
  asServerUser,
  type Cluster,
  createCluster,
  freePort,
  ownFolder,
  reachableBin,
  runProgram,
  temporaryFolder,
} from './cluster.ts';
import { readSaved, save } from './saved.ts';
import type { LastingServer } from './server.ts';

interface Saved extends Cluster {
  readonly port: number;
}

export async function lastingEmbedded(folder: string, recreate: () => Promise<void>): Promise<LastingServer> {
  const saved = await readSaved<Saved>(folder);
  if (saved && (await restarted(saved))) return described(saved);
  if (saved) await runProgram(join(saved.bin, 'pg_ctl'), stop(saved)).catch(() => undefined);
  await recreate();
  // In the checkout, where the server's user can write there; else (a checkout below /root, say) in a temporary folder.
  const home = (await ownFolder(join(folder, 'postgres'))) ?? (await temporaryFolder());
  const cluster = await createCluster(await reachableBin(home), join(home, 'data'));
  const fresh: Saved = { ...cluster, port: await freePort() };
  await start(fresh);
  await runProgram(join(fresh.bin, 'psql'), [`${url(fresh, 'postgres')}`, '-qc', 'create database nextcrm']);
  await save(folder, fresh);
  return described(fresh);
}

/** True when it runs, or ran and does so again. */
async function restarted(saved: Saved): Promise<boolean> {
  try {
    return await runProgram(join(saved.bin, 'pg_ctl'), ['status', '-D', saved.data]).then(
      () => true,
      () => start(saved).then(() => true),
    );
  } catch {
    return false;
  }
}

async function start({ bin, data, port }: Saved): Promise<void> {
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=`;
  await runProgram(join(bin, 'pg_ctl'), ['start', '-w', '-s', '-D', data, '-l', `${data}.log`, '-o', options]);
}

const stop = ({ data }: Saved): string[] => ['stop', '-m', 'fast', '-D', data];

const url = ({ password, port }: Saved, database: string): string =>
  `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;

function described(saved: Saved): LastingServer {
  return {
    url: url(saved, 'nextcrm'),
    description: `embedded PostgreSQL 16, port ${saved.port}`,
    psql: `${join(saved.bin, 'psql')} ${url(saved, 'nextcrm')}`,
    remove: `${asServerUser.uid === undefined ? '' : `setpriv --reuid=${asServerUser.uid} --regid=${asServerUser.uid} --clear-groups `}${join(saved.bin, 'pg_ctl')} ${stop(saved).join(' ')}; rm -rf ${dirname(saved.data)}`,
  };
}
