/** Prisma for tests: our migrations without the CLI, and the CLI as the app runs it, on a folder with migrations of its own. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { nextcrm } from '../../src/catalog/nextcrm.ts';
import { invariant } from '../../src/failure.ts';
import { type CliOutput, runIn } from '../../src/prisma/cli.ts';
import { openEngine } from '../../src/prisma/engine/wasm.ts';
import { migrationNamesOf } from '../../src/prisma/history.ts';
import { openPool } from '../../src/prisma/pool.ts';
import type { Session } from '../../src/target/session.ts';
import { freshDatabase } from './postgres.ts';
import { targetUrl, testSession } from './session.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export function migration(name: string): Promise<string> {
  return readFile(join(root, 'prisma/migrations', name, 'migration.sql'), 'utf8');
}

/** The target's tables without the CLI, and so without Prisma's record: a tenth of the time. */
export async function makeTables(session: Session): Promise<void> {
  for (const name of migrationNamesOf(nextcrm.migrations)) await session.script(await migration(name));
}

/**
 * Why Prisma cannot compare a database of the tests' server with a schema; null where it can. Its engine panics at the NOT NULL constraints that
 * the catalog of PostgreSQL 18 has (https://github.com/prisma/orm/issues/29635): to be removed when that is fixed. The program never asks for it.
 */
export async function diffMissing(): Promise<string | null> {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  const [row] = await session.query<{ version: number }>(`select current_setting('server_version_num')::integer as version`);
  return row !== undefined && row.version >= 180_000 ? 'Prisma cannot read the catalog of PostgreSQL 18: prisma/orm#29635' : null;
}

export interface Folder extends AsyncDisposable {
  readonly path: string;
}

type Texts = Readonly<Record<string, string>>;

export async function appFolder(migrations: Texts): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'app-'));
  await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
  await mkdir(join(path, 'prisma/migrations'), { recursive: true });
  await writeFile(join(path, 'prisma/schema.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n');
  await writeFile(join(path, 'prisma/migrations/migration_lock.toml'), 'provider = "postgresql"\n');
  await writeFile(
    join(path, 'prisma.config.ts'),
    `import { defineConfig } from 'prisma/config';
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? '' },
});\n`,
  );
  for (const [name, text] of Object.entries(migrations)) {
    await mkdir(join(path, 'prisma/migrations', name));
    await writeFile(join(path, 'prisma/migrations', name, 'migration.sql'), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** A release's own `prisma/`, with the CLI of this checkout. */
export async function folderOf(prisma: string): Promise<Folder> {
  const folder = await appFolder({});
  await rm(join(folder.path, 'prisma'), { recursive: true });
  await symlink(prisma, join(folder.path, 'prisma'));
  return folder;
}

export function deployFrom(path: string, url: string): Promise<CliOutput> {
  return runIn(path, ['migrate', 'deploy'], { url });
}

/** As a run leaves the database that was killed between the first migration and the second, which alters the tables. */
export async function makeFirstTables(url: string): Promise<void> {
  await using folder = await appFolder({ '0_init': await migration('0_init') });
  const { exitCode, stderr } = await deployFrom(folder.path, url);
  invariant(exitCode === 0, stderr);
}

/** What `migrate dev` asks the engine before it offers to reset a database. */
export async function diagnose(url: string, migrations: Texts): Promise<{ readonly editedMigrationNames: readonly string[] }> {
  const engine = await openEngine(targetUrl(url));
  return engine.diagnoseMigrationHistory({
    migrationsList: {
      baseDir: root,
      lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
      shadowDbInitScript: '',
      migrationDirectories: Object.entries(migrations).map(([path, value]) => ({
        path,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } },
      })),
    },
    optInToShadowDatabase: false,
    filters: { externalTables: [], externalEnums: [] },
  });
}

/** For a generated client, with a pool of its own that goes with it. */
export async function adapterFor(url: string): Promise<PrismaPg> {
  return new PrismaPg(await openPool(targetUrl(url), 'test client'), { disposeExternalPool: true });
}
