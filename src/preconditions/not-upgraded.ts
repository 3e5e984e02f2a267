/** A migration that is not done continues only where no later release of NextCRM has begun to make the tables its own. */
import type { Migrations } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import { readHistory } from '../prisma/history.ts';
import { stateSchema } from '../schema-name.ts';
import type { Run } from '../state/run.ts';
import type { Session } from '../target/session.ts';
import type { Volume } from '../volume/volume.ts';

/** Before the source is asked for, which may be switched off by now. */
export async function checkNotUpgraded(
  session: Session,
  migrations: Migrations,
  { finishedAt, reportId }: Run,
  volume: Volume,
): Promise<void> {
  const { foreign } = await readHistory(session, migrations);
  if (foreign.length === 0) return;
  const [what, next] =
    finishedAt !== null
      ? [
          'The migration completed with findings that were not accepted, and since then',
          `${await howToAccept(reportId, volume)}, and enter the rejected documents in NextCRM: they are in ${stateSchema}.reject. After that, this command exits with 0.`,
        ]
      : [
          'The migration is not finished, but',
          'Stop NextCRM and start over with an empty database and volume: the later release upgrades it once the migration has ended.',
        ];
  const applied = foreign.length === 1 ? '1 migration' : `${foreign.length} migrations`;
  throw new Failure({
    code: 'TARGET_UPGRADED',
    exit: exitCodes.target,
    what: `${what} a later release of NextCRM has run ${applied} on the database ${session.description}. Nothing was changed.`,
    next,
  });
}

/** A report that is lost cannot be accepted; the one of a verification can. */
export async function howToAccept(reportId: string | null, volume: Volume): Promise<string> {
  if (reportId !== null && (await volume.readReport(reportId)) !== null) return `Accept the findings (accept ${reportId})`;
  return 'The report with the findings is not on the volume: run verify, with MONGODB_URL, which writes a new one. Read it, accept its ID (accept ID)';
}
