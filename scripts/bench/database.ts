/** Databases of a benchmark's own. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { parseTargetUrl, type TargetUrl } from '../../src/config/target-url.ts';
import { deploy } from '../../src/prisma/cli.ts';
import { createRun } from '../../src/state/run.ts';
import { openSession } from '../../src/target/session.ts';
import { suspend } from '../../src/target/suspended.ts';

export async function freshDatabase(serverUrl: string): Promise<AsyncDisposable & { readonly url: string }> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const admin = async (statement: string) => {
    const sql = postgres(serverUrl, { max: 1, onnotice: () => undefined });
    await sql.unsafe(statement).finally(() => sql.end());
  };
  await admin(`create database ${name}`);
  return { url: url.href, [Symbol.asyncDispose]: () => admin(`drop database ${name} with (force)`) };
}

function targetOf(url: string): TargetUrl {
  const parsed = parseTargetUrl(url, process.cwd());
  if ('problem' in parsed) throw new Error(parsed.problem.what);
  return parsed.value;
}

/** NextCRM's tables with their primary keys, without any other key or index: what the load writes into. */
export async function makeBareTables(url: string): Promise<void> {
  const target = targetOf(url);
  await deploy({ url: target.url });
  await using session = await openSession(target, 'bench');
  await createRun(session, { appliance: 'bench', sourceKind: 'dump', sourceDatabase: 'bench', sourceDescription: 'bench' });
  await session.transaction(() => suspend(session));
}
