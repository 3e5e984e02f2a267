/** Databases of a benchmark's own, and the server below them. */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { tableNamesOf } from '../../src/catalog/index.ts';
import { nextcrm } from '../../src/catalog/nextcrm.ts';
import { parseTargetUrl, type TargetUrl } from '../../src/config/target-url.ts';
import { deploy } from '../../src/prisma/cli.ts';
import { createRun } from '../../src/state/transitions.ts';
import { openSession } from '../../src/target/session.ts';
import { suspend } from '../../src/target/suspended.ts';

export interface Database extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
}

export async function query<R extends object>(url: string, statement: string): Promise<readonly R[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await sql.unsafe<R[]>(statement);
  } finally {
    await sql.end();
  }
}

/** Every measurement begins with a server that has nothing left to write of the one before. */
export const settle = (serverUrl: string) => query(serverUrl, 'checkpoint');

export async function freshDatabase(serverUrl: string, template = 'template1'): Promise<Database> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await query(serverUrl, `create database ${name} template ${template}`);
  return {
    url: url.href,
    name,
    async [Symbol.asyncDispose]() {
      await query(serverUrl, `drop database ${name} with (force)`);
    },
  };
}

/** NextCRM's tables with their primary keys, without any other key or index: what the load writes into. To be a template. */
export async function bareDatabase(serverUrl: string): Promise<Database> {
  const database = await freshDatabase(serverUrl);
  const target = targetOf(database.url);
  await deploy({ url: target.url });
  await using session = await openSession(target, 'bench');
  await createRun(session, { appliance: 'bench', sourceKind: 'dump', sourceDatabase: 'bench', sourceDescription: 'bench' });
  await session.transaction(() => suspend(session, tableNamesOf(nextcrm)));
  return database;
}

function targetOf(url: string): TargetUrl {
  const parsed = parseTargetUrl(url, process.cwd());
  if ('problem' in parsed) throw new Error(parsed.problem.what);
  return parsed.value;
}

/** The server's first process; null where it is not one that this machine shows. */
export async function serverProcess(serverUrl: string): Promise<number | null> {
  try {
    const [row] = await query<{ pid: string }>(serverUrl, `select split_part(pg_read_file('postmaster.pid'), e'\\n', 1) as pid`);
    const pid = Number(row?.pid);
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).startsWith('postgres') ? pid : null;
  } catch {
    return null;
  }
}
