/** Whether a later release of NextCRM has upgraded the target, as Prisma's own record says. */
import type { Migrations } from '../catalog/index.ts';
import { readHistory } from '../prisma/history.ts';
import type { Session } from '../target/session.ts';

export interface ReleaseState {
  /** 'under way': a migration is begun and not finished; the app's own deploy goes on with it, or a person must correct something. */
  readonly state: 'not upgraded' | 'under way' | 'upgraded';
  /** The migrations of later releases, finished or begun. */
  readonly migrations: readonly string[];
  /** Of those: begun and not finished. */
  readonly unfinished: readonly string[];
}

export async function readReleaseState(session: Session, migrations: Migrations): Promise<ReleaseState> {
  const { foreign, unfinished } = await readHistory(session, migrations);
  if (foreign.length === 0) return { state: 'not upgraded', migrations: [], unfinished: [] };
  return { state: unfinished.length > 0 ? 'under way' : 'upgraded', migrations: foreign, unfinished };
}
