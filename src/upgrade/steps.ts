/** The steps behind the hand-over: NextCRM's own migrations, what they took away, and the proof of it all in the upgraded database. */
import { type Backup, backUp, backupFile, formerBackup, restoreCommand } from '../backup/pg-dump.ts';
import type { Catalog } from '../catalog/index.ts';
import type { TargetUrl } from '../config/target-url.ts';
import { invariant } from '../failure.ts';
import type { Progress, Step } from '../progress/progress.ts';
import { restoreReleases } from '../releases/restore.ts';
import type { Run } from '../state/run.ts';
import { completeStep } from '../state/transitions.ts';
import type { Session } from '../target/session.ts';
import type { LogEvent } from '../volume/event-log.ts';
import type { AppFolder } from './app-folder.ts';
import { applyMigrations } from './apply.ts';
import type { Judged, Note } from './judge.ts';
import { withPrismaLock } from './prisma-lock.ts';
import { proveUpgraded } from './prove.ts';
import { isSealed } from './snapshot.ts';

export interface LaterJob {
  readonly catalog: Catalog;
  readonly session: Session;
  readonly target: TargetUrl;
  /** The volume. */
  readonly directory: string;
  /** Null where the app has applied its migrations itself. */
  readonly folder: AppFolder | null;
  readonly run: Run;
  readonly signal: AbortSignal;
  /** Called when something is written that no later attempt does again. */
  readonly moved: () => void;
  readonly backedUp: (notes: readonly Note[]) => void;
  readonly log: (event: LogEvent) => void;
  readonly compared: (judged: Judged) => void;
}

/** From the step of the run on. */
export async function laterSteps(job: LaterJob): Promise<readonly Step[]> {
  // Of an attempt that was stopped behind the backup.
  const former = job.run.step === 'backup' ? null : await formerBackup(job.directory);
  if (former !== null) job.backedUp([noteOf(former)]);
  const { session, folder } = job;
  const steps: readonly Step[] = [
    { name: 'backup', title: 'Back up the database with pg_dump', run: (progress) => backup(job, progress) },
    {
      name: 'upgrade',
      title: "Apply NextCRM's migrations",
      unit: 'migrations',
      async run(progress) {
        invariant(folder !== null, "NextCRM's migrations are applied from a folder");
        await applyMigrations({ ...job, folder, progress });
        await completeStep(session, 'upgrade');
      },
    },
    {
      name: 'restore',
      title: 'Restore what the migrations moved or dropped',
      async run() {
        // The app's own CLI must not change the tables meanwhile.
        await withPrismaLock(session, () => restoreReleases(session, job.catalog, job.signal));
        await completeStep(session, 'restore');
      },
    },
    { name: 'compare', title: 'Validate the upgraded database', run: () => compare(job) },
  ];
  return steps.slice(steps.findIndex(({ name }) => name === job.run.step));
}

async function backup(job: LaterJob, progress: Progress): Promise<void> {
  const made = await backUp(job);
  if (!made.made) {
    progress.note(`no backup was made: ${made.why}`);
    job.log({ event: 'backup not made', why: made.why, said: made.said ?? '' });
  }
  job.backedUp([noteOf(made)]);
  await completeStep(job.session, 'backup');
}

function noteOf(backup: Backup): Note {
  if (!backup.made) return { code: 'BACKUP_NOT_MADE', what: `No backup was made before NextCRM's migrations: ${backup.why}.` };
  const megabytes = Math.ceil(backup.bytes / 1_000_000);
  return {
    code: 'BACKUP_MADE',
    what: `${backupFile} on the volume (${megabytes} MB) is the database as it was before NextCRM's migrations, made at ${backup.madeAt}. It contains secrets: delete it once NextCRM has worked for some weeks. To restore it into an empty database: ${restoreCommand}`,
  };
}

async function compare({ session, catalog, run, signal, compared }: LaterJob): Promise<void> {
  await withPrismaLock(session, async () => {
    const ours = catalog.migrations.ours.map(({ name }) => name);
    compared(await proveUpgraded({ session, catalog, run, signal }, { sealed: await isSealed(session, ours) }));
  });
}
