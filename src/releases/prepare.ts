/** What NextCRM's later releases need in order to keep values, before their migrations run. */
import type { Catalog } from '../catalog/index.ts';
import { quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { makeArchive } from './archive.ts';
import { holding, isOfEarlierVersion, type Ledger, makeMissingTables, run } from './record.ts';
import type { Releases, Subject } from './subject.ts';

/**
 * One transaction, and idempotent. 'migration': while the migration itself is under way, when nobody but us has written; the archive
 * follows when the rows have their keys. 'later': in front of an app that people work with, or of an
 * upgrade of the app's own that has stopped.
 */
export async function prepareForReleases(session: Session, catalog: Catalog, ledger: Ledger): Promise<void> {
  const { lookupTables, releases } = catalog;
  await session.transaction(async () => {
    if (ledger === 'later') await makeMissingTables(session, catalog);
    // What a former attempt made of documents that were loaded again since. Nobody else can have rows there: these tables are made by our
    // own migration (6_lookup_tables) in a database that was empty, and until the hand-over no app works with it.
    else await session.script(lookupTables.map((table) => `delete from public.${quoted(table)}`).join(';'));
    for (const { name, prepare = [], prepareRows } of ledger === 'later'
      ? await pendingSubjects(session, releases)
      : releases.subjects) {
      await run(session, prepare, name, ledger);
      await prepareRows?.(session);
    }
    if (ledger === 'later') await makeArchive(session, releases, { keep: await isOfEarlierVersion(session) });
  });
}

/** The migrations have not reached them, also where an upgrade has stopped half-way. */
async function pendingSubjects(session: Session, { subjects }: Releases): Promise<readonly Subject[]> {
  const applied = await holding(
    session,
    subjects.map((subject) => subject.applied),
  );
  return subjects.filter((_, index) => applied[index] !== true);
}

/** Whether a migration that failed may have stopped at a value that is prepared. */
export async function isPreparationPending(session: Session, releases: Releases): Promise<boolean> {
  return (await pendingSubjects(session, releases)).some(({ prepare = [] }) => prepare.length > 0);
}
