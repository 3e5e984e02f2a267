/** Tries something and takes it back. */
import { Failure } from '../../failure.ts';
import { ServerRefusal } from '../errors.ts';
import type { Session } from '../session.ts';

/** The SQLSTATE where the server refuses; a connection that is lost is thrown. */
export async function refusalOf(session: Session, trial: () => Promise<unknown>): Promise<string | null> {
  await session.script('begin');
  try {
    await trial();
    return null;
  } catch (error) {
    const cause = error instanceof Failure ? error.cause : error;
    if (!(cause instanceof ServerRefusal) || (error instanceof Failure && error.transient)) throw error;
    return cause.sqlState;
  } finally {
    await session.script('rollback');
  }
}
