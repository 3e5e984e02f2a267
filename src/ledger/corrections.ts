/** The corrections that people have written for rejected documents, and those with which documents were loaded. Inside the caller's transaction. */
import { Corrections, type CorrectionText } from '../convert/corrections.ts';
import { stateSchema } from '../schema-name.ts';
import type { Source } from '../source/source.ts';
import type { Session } from '../target/session.ts';
import type { Place } from './place.ts';

const among = '(select jsonb_array_elements_text($2::text::jsonb))';

interface Row extends Record<string, unknown> {
  readonly source_id: string;
  readonly digest: string;
  readonly patch: string;
}

/** Takes out the corrections of documents that are loaded again, before their records of rejection go. Null where there are none. */
export async function takeCorrections(
  session: Session,
  { collection, spec }: Place,
  sourceIds: readonly string[],
  kind: Source['kind'],
): Promise<Corrections | null> {
  if (spec === null) return null;
  const rows = await session.query<Row>(
    `with loaded as (
       delete from ${stateSchema}.correction where collection = $1 and source_id in ${among} returning source_id, digest, patch)
     select source_id, digest, patch from loaded
     union all
     select source_id, encode(sha256(bson), 'hex'), correction from ${stateSchema}.reject
     where collection = $1 and correction is not null and source_id in ${among}`,
    [collection, JSON.stringify(sourceIds)],
  );
  return rows.length === 0 ? null : new Corrections(spec, rows.map(textOf), kind === 'server');
}

/** Keeps those with which documents were loaded: later loads and the proof apply them again. */
export async function keepCorrections(session: Session, { collection }: Place, corrections: Corrections | null): Promise<void> {
  if (corrections === null) return;
  const applied = corrections.applied.map(({ sourceId, digest, text }) => ({ source_id: sourceId, digest, patch: text }));
  // A copy of the same bytes that is rejected for its `_id` has the same correction.
  await session.execute(
    `insert into ${stateSchema}.correction (collection, source_id, digest, patch)
     select $1, a.source_id, a.digest, a.patch from jsonb_to_recordset($2::text::jsonb) a(source_id text, digest text, patch text)
     where not exists (
       select from ${stateSchema}.reject r
       where r.collection = $1 and r.source_id = a.source_id and r.code <> 'DUPLICATE_ID' and encode(sha256(r.bson), 'hex') = a.digest)`,
    [collection, JSON.stringify(applied)],
  );
}

/** Of documents that have a row, and must be rejected. */
export async function correctionsOf(
  session: Session,
  { collection, spec }: Place,
  sourceIds: readonly string[],
): Promise<Corrections | null> {
  if (spec === null) return null;
  const rows = await session.query<Row>(
    `select source_id, digest, patch from ${stateSchema}.correction where collection = $1 and source_id in ${among}`,
    [collection, JSON.stringify(sourceIds)],
  );
  return rows.length === 0 ? null : new Corrections(spec, rows.map(textOf), false);
}

const textOf = ({ source_id, digest, patch }: Row): CorrectionText => ({ sourceId: source_id, digest, text: patch });
