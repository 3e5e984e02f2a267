/** A lasting PostgreSQL in a container that is named after the checkout. */
import { createHash, randomBytes } from 'node:crypto';
import { docker } from '../docker.ts';
import { image } from './docker-server.ts';
import { readSaved, save } from './saved.ts';
import type { LastingServer } from './server.ts';

interface Saved {
  readonly password: string;
}

const startLimitMs = 120_000;

export async function lastingContainer(folder: string, recreate: () => Promise<void>): Promise<LastingServer> {
  const name = `nextcrm-migrate-demo-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
  const saved = await readSaved<Saved>(folder);
  if (saved && (await docker(['start', name], startLimitMs)).code === 0) return await ready(name, saved);
  await docker(['rm', '--force', '--volumes', name], startLimitMs);
  await recreate();
  const fresh: Saved = { password: randomBytes(12).toString('hex') };
  const environment = [`POSTGRES_PASSWORD=${fresh.password}`, 'POSTGRES_DB=nextcrm'].flatMap((line) => ['--env', line]);
  const options = ['--detach', '--name', name, '--publish', '127.0.0.1::5432', '--shm-size', '256m', ...environment];
  const { code, output } = await docker(['run', ...options, image], startLimitMs * 5);
  if (code !== 0) throw new Error(`Docker could not start ${image}: ${output.trim()}`);
  await save(folder, fresh);
  return await ready(name, fresh);
}

async function ready(name: string, { password }: Saved): Promise<LastingServer> {
  const limit = Date.now() + startLimitMs;
  // By TCP: by socket it also answers while the first start still initialises.
  while ((await docker(['exec', name, 'pg_isready', '-q', '-h', '127.0.0.1', '-U', 'postgres'], 10_000)).code !== 0) {
    if (Date.now() > limit) throw new Error(`PostgreSQL in the container ${name} did not answer; see: docker logs ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const address = (await docker(['port', name, '5432/tcp'], 10_000)).output.trim().split('\n')[0];
  return {
    url: `postgresql://postgres:${password}@${address}/nextcrm`,
    description: `${image} in the container ${name}`,
    psql: `docker exec -it ${name} psql -U postgres nextcrm`,
    remove: `docker rm --force --volumes ${name}`,
  };
}
