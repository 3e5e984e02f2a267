/**
 * Applies the app's migrations as its own `prisma migrate deploy` would, one transaction each, together with the row that records it:
 * so it is there with its row or not at all, whatever stops the run.
 */
import { exitCodes, Failure } from '../failure.ts';
import type { Progress } from '../progress/progress.ts';
import { ServerRefusal } from '../target/errors.ts';
import { literal } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { type AppFolder, type AppMigration, isRecordedBy } from './app-folder.ts';
import { effectsOf, isOneTransaction } from './effects.ts';
import { withPrismaLock } from './prisma-lock.ts';
import { readAppRecord } from './record.ts';
import { liftSeal } from './snapshot.ts';

const shownName = 'migrations';

export interface ApplyJob {
  readonly session: Session;
  readonly folder: AppFolder;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Called after each migration. */
  readonly moved?: () => void;
}

export async function applyMigrations({ session, folder, progress, signal, moved = () => undefined }: ApplyJob): Promise<void> {
  const { migrations } = folder;
  await withPrismaLock(session, async () => {
    const record = await readAppRecord(session, folder.known);
    const done = migrations.filter((migration) => isRecordedBy(folder, record, migration)).length;
    progress.begin(shownName, migrations.length, done);
    for (const [index, migration] of migrations.entries()) {
      if (isRecordedBy(folder, record, migration)) continue;
      signal.throwIfAborted();
      await (record.unfinished.has(migration.name) ? finish(session, migration) : apply(session, migration));
      moved();
      progress.advance(shownName, index + 1);
    }
    progress.end(shownName);
  });
}

async function apply(session: Session, migration: AppMigration): Promise<void> {
  if (!isOneTransaction(migration.script)) return await applyAlone(session, migration);
  await run(session, migration, `begin; ${insertOf(migration, 'now()')};\n${migration.script}\n;commit`, rolledBack);
}

/** As Prisma does it: the row, the script as it is, the end in the row. A run that is stopped in between finds an unfinished row. */
async function applyAlone(session: Session, migration: AppMigration): Promise<void> {
  await session.script(insertOf(migration, 'null'));
  await run(session, migration, migration.script, notAtomic);
  await markFinished(session, migration);
}

/**
 * A migration that was begun, by the app's own CLI say, without a record of its end. Each is one transaction: what it leaves in the
 * catalog tells whether it was committed.
 */
async function finish(session: Session, migration: AppMigration): Promise<void> {
  // Where the app was started, people may have written.
  await liftSeal(session);
  const effects = effectsOf(migration.script);
  if (effects.length > 0 && (await allHold(session, effects))) return await markFinished(session, migration);
  await session.execute(
    'delete from public._prisma_migrations where migration_name = $1 and finished_at is null and rolled_back_at is null',
    [migration.name],
  );
  await apply(session, migration);
}

async function allHold(session: Session, effects: readonly string[]): Promise<boolean> {
  const [row] = await session.query<{ holds: boolean }>(`select ${effects.join('\n and ')} as holds`);
  return row?.holds === true;
}

async function markFinished(session: Session, { name }: AppMigration): Promise<void> {
  await session.execute(
    `update public._prisma_migrations set finished_at = now(), applied_steps_count = 1, logs = null
     where migration_name = $1 and finished_at is null and rolled_back_at is null`,
    [name],
  );
}

/** The row as Prisma's engine writes it, but for the version of the id's UUID: 8 tells ours from those of the app's own CLI (4). */
function insertOf({ name, checksum }: AppMigration, finishedAt: 'now()' | 'null'): string {
  return `insert into public._prisma_migrations
    (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count)
    values (overlay(gen_random_uuid()::text placing '8' from 15 for 1), ${literal(checksum)}, ${finishedAt}, ${literal(name)}, null, null, now(), ${finishedAt === 'null' ? 0 : 1})`;
}

async function run(session: Session, migration: AppMigration, script: string, effect: string): Promise<void> {
  try {
    await session.script(script);
  } catch (error) {
    // The connection may be gone: then the server rolls back by itself.
    await session.script('rollback').catch(() => undefined);
    throw explained(migration, error, effect);
  }
}

const rolledBack = 'It was rolled back; the migrations before it are applied.';
const notAtomic =
  'Its script is not one transaction: what it had done before may be there, and is to be undone by hand where it cannot be done twice. The migrations before it are applied.';

/** With the name of the migration. What the server says of values stays in its own log. */
function explained({ name }: AppMigration, error: unknown, effect: string): unknown {
  const where = `NextCRM's migration ${name}`;
  const cause = error instanceof Failure ? error.cause : error;
  if (error instanceof Failure && error.code !== 'TARGET_REFUSED') {
    const { code, exit, message, next, transient } = error;
    return new Failure({ code, exit, what: `${message} This was in ${where}. ${effect}`, next, transient, cause });
  }
  if (!(cause instanceof ServerRefusal)) return error;
  const { sqlState, table, column, constraint } = cause;
  const named = Object.entries({ table, column, constraint }).flatMap(([kind, value]) =>
    value === null ? [] : [`${kind} ${value}`],
  );
  return new Failure({
    code: 'APP_MIGRATION_FAILED',
    exit: exitCodes.target,
    what: `${where} failed with SQLSTATE ${sqlState}${named.length === 0 ? '' : ` (${named.join(', ')})`}. ${effect}`,
    next: 'The log of the PostgreSQL server has the full message. Correct what it names in the database, then start the same command again: it continues with this migration. Do not start NextCRM before: it would stop at the same place.',
    cause,
  });
}
