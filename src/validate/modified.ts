/** Whether a row was modified after the migration, by the update time that the application sets in it. */
import type { CollectionSpec } from '../catalog/index.ts';
import type { Tuple } from '../target/copy-reader.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Relations } from './relations.ts';

/** PostgreSQL counts microseconds from here. */
const epochMs = Date.UTC(2000, 0, 1);

/** A time further in the future than this was no modification: documents hold such dates. */
const futureMsMax = 24 * 60 * 60 * 1000;

function updateTimes({ columns }: CollectionSpec): readonly string[] {
  return Object.keys(columns).filter((name) => columns[name]?.role === 'updated');
}

/** Of a row that was read with the columns of `spec` after its `id`, and those that a release has added: the positions of its update times. */
export function updateTimePlaces(spec: CollectionSpec, relations: Relations): readonly number[] {
  const names = [...Object.keys(spec.columns), ...relations.times(spec.collection)];
  return [...updateTimes(spec), ...relations.times(spec.collection)].map((name) => 1 + names.indexOf(name));
}

/** `finishedAt` null: while the migration runs, nobody else writes. */
export function isModified(row: Tuple, places: readonly number[], finishedAt: Date | null): boolean {
  if (finishedAt === null) return false;
  const latestMs = Date.now() + futureMsMax;
  return places.some((place) => {
    if (row.length(place) !== 8) return false;
    const ms = Number(row.bytes.readBigInt64BE(row.start(place)) / 1000n) + epochMs;
    return ms > finishedAt.getTime() && ms <= latestMs;
  });
}

/** The same in SQL, of a row `t`; never NULL. */
export function modifiedSql(spec: CollectionSpec | undefined, finishedAt: Date | null): string {
  if (spec === undefined || finishedAt === null) return 'false';
  const timestamp = (ms: number) => `${literal(new Date(ms).toISOString().slice(0, -1))}::timestamp`;
  const [end, latest] = [timestamp(finishedAt.getTime()), timestamp(Date.now() + futureMsMax)];
  const conditions = updateTimes(spec).map(
    (name) => `coalesce(t.${quoted(name)} > ${end} and t.${quoted(name)} <= ${latest}, false)`,
  );
  return conditions.length === 0 ? 'false' : `(${conditions.join(' or ')})`;
}
