/** What one version has begun, another one continues only where both keep the same records. */
import { exitCodes, Failure } from '../failure.ts';
import { hasLedger } from '../releases/record.ts';
import type { Run } from '../state/run.ts';
import type { Session } from '../target/session.ts';

/** Of a run that is not done. One that is, an earlier version may have finished: it is prepared, or restored from its archive. */
export async function checkLedger(session: Session, { appliance, finishedAt, reportId }: Run): Promise<void> {
  if (await hasLedger(session)) return;
  throw new Failure({
    code: 'OTHER_LEDGER',
    exit: exitCodes.target,
    what: `The migration into ${session.description} was begun by an earlier version (${appliance}), whose records are not those of this version. Nothing was changed.`,
    next:
      finishedAt === null
        ? 'Continue with that version, or start over with an empty database and volume.'
        : `It completed with findings: accept them (accept ${reportId ?? 'ID'}), or retry the rejected documents with that version. After that, this version continues with the database.`,
  });
}
