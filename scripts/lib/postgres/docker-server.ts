/** PostgreSQL in a container, by testcontainers. */
import { randomBytes } from 'node:crypto';
import { memoryForServer } from './memory.ts';
import type { PostgresServer } from './server.ts';

export const image = 'pgvector/pgvector:pg16';
/** Another version of PostgreSQL where the tests are to be run on it. */
const testImage = process.env['TEST_POSTGRES_IMAGE'] || image;
const startLimitMs = 120_000;

/** Durability is off: what a crash would lose is a test's. */
const settings = ['-c', 'fsync=off', '-c', 'full_page_writes=off'];

/** Of a server whose data is kept in memory. A folder of its own: which one the image takes depends on PostgreSQL's version. */
const folderInMemory = '/postgres-in-memory';

/**
 * A container of its own, removed when disposed of. Without testcontainers' helper, which would need one more image from a
 * registry: a killed test run may leave a container behind.
 */
export async function startByDocker(of: string = testImage): Promise<PostgresServer> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  const { GenericContainer, Wait } = await import('testcontainers');
  const password = randomBytes(12).toString('hex');
  const inMemory = memoryForServer();
  const container = await new GenericContainer(of)
    .withEnvironment({ POSTGRES_PASSWORD: password, ...(inMemory ? { PGDATA: folderInMemory } : {}) })
    .withTmpFs(inMemory ? { [folderInMemory]: 'rw' } : {})
    .withCommand(['postgres', ...settings])
    .withExposedPorts(5432)
    .withSharedMemorySize(256 * 1024 * 1024)
    // By TCP: by socket it also answers while the first start still initialises. Asked until it answers and no longer: a health check goes on
    // for the container's whole life, and each is a process in it.
    .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready --host 127.0.0.1 --username postgres'))
    .withStartupTimeout(startLimitMs)
    .start();
  return {
    url: `postgresql://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`,
    description: `${of}, a container`,
    [Symbol.asyncDispose]: async () => {
      await container.stop({ removeVolumes: true });
    },
  };
}
