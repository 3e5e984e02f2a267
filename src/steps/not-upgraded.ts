/** A migration that is not done goes on only where no later release of NextCRM has begun to make the tables its own. */
import { exitCodes, Failure } from '../failure.ts';
import { readHistory } from '../prisma/history.ts';
import type { Run } from '../state/run.ts';
import type { Session } from '../target/session.ts';

/** Before the source is asked for, which may be switched off by now. */
export async function checkNotUpgraded(session: Session, { step, reportId }: Run): Promise<void> {
  const { foreign } = await readHistory((text) => session.query(text));
  if (foreign.length === 0) return;
  const [what, next] =
    step === 'finished'
      ? [
          'The migration ended with findings that nobody has accepted, and since then',
          `Take the findings as they are (accept ${reportId ?? 'ID'}) and enter in NextCRM what was rejected: the documents are in nextcrm_migration.reject. From then on this command ends with 0.`,
        ]
      : [
          'The migration is not finished, and yet',
          'Stop NextCRM and start over with an empty database and volume: the later release upgrades it once the migration has ended.',
        ];
  const migrations = foreign.length === 1 ? '1 migration' : `${foreign.length} migrations`;
  throw new Failure({
    code: 'TARGET_UPGRADED',
    exit: exitCodes.target,
    what: `${what} a later release of NextCRM has run ${migrations} on the database ${session.description}. Nothing was changed.`,
    next,
  });
}
