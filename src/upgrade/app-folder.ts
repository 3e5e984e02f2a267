/** The folder `prisma/` of the NextCRM release that takes over: its migrations, and whether they belong to this database. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Migrations } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { AppRecord } from './record.ts';

export interface AppMigration {
  /** Of its folder, as Prisma records it. */
  readonly name: string;
  readonly script: string;
  /** SHA-256 of the file, hexadecimal: what Prisma records of it. */
  readonly checksum: string;
}

export interface AppFolder {
  readonly path: string;
  /** What this program has applied, and knows of theirs. */
  readonly known: Migrations;
  /** Those after the first, in the order in which Prisma applies them. */
  readonly migrations: readonly AppMigration[];
}

/** @throws Failure (exit 2) where it is not the folder of a PostgreSQL release of NextCRM. */
export async function readAppFolder(path: string, known: Migrations): Promise<AppFolder> {
  const schema = await textOf(path, 'schema.prisma');
  const provider = providerIn(schema);
  if (provider !== 'postgresql') {
    throw refusal(
      path,
      provider === 'mongodb'
        ? 'it is the folder of a MongoDB release of NextCRM'
        : 'its schema.prisma does not have the provider postgresql',
      'Name the folder prisma/ of the NextCRM release that you will start, which uses PostgreSQL.',
    );
  }
  const migrations = await Promise.all((await migrationNamesIn(path)).map((name) => readMigration(path, name)));
  const [init, ...later] = migrations;
  const initName = known.ours[0]?.name;
  if (init === undefined || init.name !== initName || !hasChecksum(init, known.appInitChecksum)) {
    throw refusal(
      path,
      `its first migration is not NextCRM's migrations/${initName}`,
      "Name the folder prisma/ of NextCRM's own checkout, unchanged. A fork with a first migration of its own cannot be applied here.",
    );
  }
  return { path, known, migrations: later };
}

/** `applied`: the names of the app's migrations after its first that the database records. */
export function checkHasApplied({ path, known, migrations }: AppFolder, applied: readonly string[]): void {
  const names = new Set([known.ours[0]?.name, known.forgottenByApp, ...migrations.map(({ name }) => name)]);
  const unknown = applied.filter((name) => !names.has(name));
  if (unknown.length === 0) return;
  const others = unknown.length === 1 ? '' : ` and ${unknown.length - 1} more`;
  throw refusal(
    path,
    `the database has the migration ${unknown[0]}${others}, which is not in it`,
    'A newer release of NextCRM has upgraded this database. Name the folder prisma/ of that release or of a newer one, or remove NEXTCRM_PRISMA.',
  );
}

/** Whether the migration is applied, as the record says. */
export function isRecordedBy({ known }: AppFolder, { applied, unfinished }: AppRecord, { name }: AppMigration): boolean {
  if (applied.has(name)) return true;
  // By a later one that is begun, too: it may have been committed, and the record of this one deleted with it.
  return name === known.forgottenByApp && [...applied, ...unfinished].some((later) => later > name);
}

async function migrationNamesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(join(path, 'migrations'), { withFileTypes: true }).catch(() => null);
  if (entries === null) throw refusal(path, 'it has no folder migrations', wholeFolder);
  // As bytes, which is how Prisma orders them.
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

async function readMigration(path: string, name: string): Promise<AppMigration> {
  const script = await textOf(path, join('migrations', name, 'migration.sql'));
  return { name, script, checksum: checksumOf(script) };
}

async function textOf(path: string, file: string): Promise<string> {
  return await readFile(join(path, file), 'utf8').catch(() => {
    throw refusal(path, `the file ${file} in it cannot be read`, wholeFolder);
  });
}

const wholeFolder =
  "NEXTCRM_PRISMA must name the folder prisma/ of NextCRM's checkout (with schema.prisma and migrations/), readable for this program; in a container, the folder must be mounted.";

function providerIn(schema: string): string | null {
  return /^\s*datasource\s+\w+\s*\{[^}]*?^\s*provider\s*=\s*"([^"]*)"/ms.exec(schema)?.[1] ?? null;
}

/** Git may have given the files the line ends of Windows; Prisma takes either. */
const hasChecksum = ({ script, checksum }: AppMigration, expected: string) =>
  checksum === expected || checksumOf(script.replaceAll('\r\n', '\n')) === expected;

const checksumOf = (text: string) => createHash('sha256').update(text).digest('hex');

function refusal(path: string, why: string, next: string): Failure {
  return new Failure({
    code: 'APP_FOLDER_UNUSABLE',
    exit: exitCodes.usage,
    what: `The folder ${path} of NEXTCRM_PRISMA cannot be used: ${why}. Nothing was changed.`,
    next,
  });
}
