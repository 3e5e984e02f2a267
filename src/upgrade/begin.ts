/** What a start has to do behind the hand-over, where a later release of NextCRM comes into it. */

import type { Catalog } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import { prepareForReleases } from '../releases/prepare.ts';
import { hasLedger, holds } from '../releases/record.ts';
import { isRestoreDue } from '../releases/restore.ts';
import { readReleaseState } from '../releases/state.ts';
import { stateSchema } from '../schema-name.ts';
import type { Run } from '../state/run.ts';
import { beginUpgrade } from '../state/transitions.ts';
import type { Session } from '../target/session.ts';
import { type AppFolder, checkHasApplied, isRecordedBy, readAppFolder } from './app-folder.ts';
import { readAppRecord } from './record.ts';
import { rulesOf } from './rules.ts';
import { sealSnapshot, takeSnapshot } from './snapshot.ts';
import { keyedTables } from './tables.ts';

/** Before the first write of a run. Null where the app applies its migrations itself, and once the restore is recorded. */
export async function appFolderFor(
  session: Session,
  { migrations }: Catalog,
  run: Run | null,
  path: string | null,
): Promise<AppFolder | null> {
  if (path === null || (run?.step === 'finished' && (await isRestored(session)))) return null;
  const folder = await readAppFolder(path, migrations);
  const { applied, unfinished } = await readAppRecord(session, migrations);
  if (run !== null) checkHasApplied(folder, [...applied, ...unfinished]);
  return folder;
}

/** Something was restored after an upgrade of NextCRM, ours or its own. */
export async function isRestored(session: Session): Promise<boolean> {
  return (await hasLedger(session)) && (await holds(session, `exists (select from ${stateSchema}.restored_subject)`));
}

/** `run` is finished and has nothing that a person must decide. */
export async function workBehind(
  session: Session,
  { migrations, releases }: Catalog,
  folder: AppFolder | null,
): Promise<'upgrade' | 'restore' | 'nothing'> {
  if (folder !== null) {
    const record = await readAppRecord(session, migrations);
    if (folder.migrations.some((migration) => !isRecordedBy(folder, record, migration))) return 'upgrade';
  }
  const { state } = await readReleaseState(session, migrations);
  return state === 'upgraded' && (await isRestoreDue(session, releases)) ? 'restore' : 'nothing';
}

/** Of a run that has just been handed over, or of one that was finished before, when people may have written since. */
export async function enterUpgrade(session: Session, catalog: Catalog, run: Run): Promise<Run> {
  const { state } = await readReleaseState(session, catalog.migrations);
  const untouched = state === 'not upgraded';
  // Also of a run that was finished once and has loaded rejected documents again.
  const handedOverBefore = run.finishedAt !== null;
  if (state !== 'upgraded' && handedOverBefore) await prepareForReleases(session, catalog, 'later');
  return await session.transaction(async () => {
    if (untouched && handedOverBefore) await takeSnapshot(session, keyedTables(catalog), rulesOf(catalog.releases));
    if (untouched) await sealSnapshot(session);
    return await beginUpgrade(session, run);
  });
}

/** Only the folder tells whether all of its migrations are applied: one that failed was rolled back without a trace. */
export function requireFolder(session: Session, { step }: Run, folder: AppFolder | null): void {
  if (folder !== null || (step !== 'backup' && step !== 'upgrade')) return;
  throw new Failure({
    code: 'APP_FOLDER_MISSING',
    exit: exitCodes.usage,
    what: `NextCRM's migrations were begun on ${session.description} with NEXTCRM_PRISMA, which is not set now.`,
    next: 'Set NEXTCRM_PRISMA to the same folder again, and start the same command: it continues with the next migration.',
  });
}
