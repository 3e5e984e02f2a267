/** A Docker network that a test has for itself, and a PostgreSQL in it. */
import { randomBytes } from 'node:crypto';
import { docker } from '../../../scripts/lib/docker.ts';

export interface TestNetwork extends AsyncDisposable {
  readonly name: string;
}

export async function testNetwork(): Promise<TestNetwork> {
  const name = `nextcrm-test-${randomBytes(4).toString('hex')}`;
  const { code, output } = await docker(['network', 'create', name], 60_000);
  if (code !== 0) throw new Error(output);
  return { name, [Symbol.asyncDispose]: async () => void (await docker(['network', 'rm', name], 60_000)) };
}

export interface PostgresContainer extends AsyncDisposable {
  readonly password: string;
}

/** In `network` by the name `own-postgres`; user and database `crm`. The image waits for it itself. */
export async function postgresContainer(network: string): Promise<PostgresContainer> {
  const password = randomBytes(12).toString('hex');
  const login = ['--env', 'POSTGRES_USER=crm', '--env', `POSTGRES_PASSWORD=${password}`];
  const place = ['--network', network, '--network-alias', 'own-postgres'];
  const { code, output } = await docker(['run', '--detach', ...place, ...login, 'pgvector/pgvector:pg16'], 60_000);
  if (code !== 0) throw new Error(output);
  return {
    password,
    [Symbol.asyncDispose]: async () => void (await docker(['rm', '--force', '--volumes', output.trim()], 60_000)),
  };
}
