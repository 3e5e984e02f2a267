/** What the migrations of a later release took away, and the archive still has: each subject once, when the release has done its part. */
import type { Catalog } from '../catalog/index.ts';
import { stateSchema } from '../schema-name.ts';
import type { Session } from '../target/session.ts';
import { completeArchive } from './archive.ts';
import { hasLedger, holding, holds, makeMissingTables, run } from './record.ts';
import type { Releases, Subject } from './subject.ts';

/** A subject is to be restored, or one that was is not proved yet. Reads only. */
export async function isRestoreDue(session: Session, releases: Releases): Promise<boolean> {
  if ((await restorable(session, releases)).length > 0) return true;
  return await holds(session, `exists (select from ${stateSchema}.restored_subject where proved_at is null)`);
}

/** Each subject in one transaction with its records: where one fails, those before it are kept, and the next start goes on with it. */
export async function restoreReleases(session: Session, catalog: Catalog, signal?: AbortSignal): Promise<void> {
  await session.transaction(async () => {
    await makeMissingTables(session, catalog);
    await completeArchive(session, catalog.releases);
  });
  for (const { name, restore = [] } of await restorable(session, catalog.releases)) {
    signal?.throwIfAborted();
    await session.transaction(async () => {
      await run(session, restore, name, 'later');
      await session.execute(`insert into ${stateSchema}.restored_subject (subject) values ($1)`, [name]);
    });
  }
}

/** What was restored is proved, and the verdict recorded. */
export async function markProved(session: Session): Promise<void> {
  await session.script(`update ${stateSchema}.restored_subject set proved_at = now() where proved_at is null`);
}

/** The subjects that are not restored yet and could be. */
export async function restorable(session: Session, { subjects }: Releases): Promise<readonly Subject[]> {
  const rows = (await hasLedger(session))
    ? await session.query<{ subject: string }>(`select subject from ${stateSchema}.restored_subject`)
    : [];
  const done = new Set(rows.map(({ subject }) => subject));
  const remaining = subjects.filter(({ name }) => !done.has(name));
  const applied = await holding(
    session,
    remaining.map((subject) => subject.applied),
  );
  return remaining.filter((_, index) => applied[index] === true);
}
