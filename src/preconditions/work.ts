/**
 * What a start has to do, and whether it may. Asked before the lock, so that what needs none, or is wrong, is said at once; and again
 * under it, since whoever held it may have moved the run.
 */
import type { Catalog } from '../catalog/index.ts';
import { stepNames } from '../progress/progress.ts';
import { readReleaseState } from '../releases/state.ts';
import { isDone } from '../state/done.ts';
import { type Run, readRun } from '../state/run.ts';
import type { Session } from '../target/session.ts';
import type { AppFolder } from '../upgrade/app-folder.ts';
import { appFolderFor, isRestored, workBehind } from '../upgrade/begin.ts';
import type { Volume } from '../volume/volume.ts';
import { isCleanedUp } from './cleaned-up.ts';
import { checkSameTarget } from './identity.ts';
import { checkLedger } from './ledger.ts';
import { checkNotUpgraded } from './not-upgraded.ts';

type OfRun =
  /** With the source: from the beginning, or from the step of the run on. */
  | 'migrate'
  /** Behind the hand-over, from the step of the run on. */
  | 'continue'
  | 'upgrade'
  | 'restore'
  /** Done; what later releases need is prepared again, since people may have entered values meanwhile. */
  | 'prepare'
  /** Done; the app's own upgrade has stopped. */
  | 'unblock'
  | 'nothing'
  | 'to be accepted'
  /** The connection was lost with the answer to this process's verdict, which the target has recorded all the same. */
  | 'conclude';

export type Work = { readonly folder: AppFolder | null } & (
  | { readonly kind: 'cleaned up'; readonly run: null }
  | { readonly kind: 'migrate'; readonly run: null }
  | { readonly kind: OfRun; readonly run: Run }
);

export interface Asking {
  readonly catalog: Catalog;
  readonly volume: Volume;
  /** What NEXTCRM_PRISMA names. */
  readonly appFolder: string | null;
  /** Of the report that this process writes. */
  readonly reportId: string;
}

/** @throws Failure where this target and this volume do not belong together, or the run cannot continue. */
export async function readWork(session: Session, { catalog, volume, appFolder, reportId }: Asking): Promise<Work> {
  const checkpoint = await volume.readCheckpoint();
  const run = await readRun(session);
  if (run === null && (await isCleanedUp(session, catalog, checkpoint))) return { kind: 'cleaned up', run, folder: null };
  checkSameTarget(run, checkpoint, session.description);
  if (run?.reportId === reportId) return { kind: 'conclude', run, folder: null };
  const folder = await appFolderFor(session, catalog, run, appFolder);
  if (run === null) return { kind: 'migrate', run, folder };
  const kind = await workOf(session, catalog, folder, run);
  if (kind === 'migrate') {
    await checkNotUpgraded(session, catalog.migrations, run, volume);
    await checkLedger(session, run);
  }
  return { kind, run, folder };
}

async function workOf(session: Session, catalog: Catalog, folder: AppFolder | null, run: Run): Promise<OfRun> {
  if (run.step !== 'finished') return stepNames.indexOf(run.step) > stepNames.indexOf('handover') ? 'continue' : 'migrate';
  if (!isDone(run)) return (await isRestored(session)) ? 'to be accepted' : 'migrate';
  const behind = await workBehind(session, catalog, folder);
  if (behind !== 'nothing') return behind;
  const { state } = await readReleaseState(session, catalog.migrations);
  return state === 'upgraded' ? 'nothing' : state === 'not upgraded' ? 'prepare' : 'unblock';
}
