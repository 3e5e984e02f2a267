/**
 * Signs that NextCRM has written to the target since the migration ended: what `verify` finds is then probably its own work.
 * It is a finding all the same. What counts as a sign stands in docs/decisions/verify-later.md.
 */
import type { CollectionSpec } from '../catalog/index.ts';
import type { Tuple } from '../target/copy-reader.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { TargetReader } from './target-reader.ts';

/** 'written': the row itself says so. 'gone': what was there when the migration ended is there no more, which leaves no sign. */
export type Sign = 'written' | 'gone';

/** What is known of the time since a migration ended. */
export interface Later {
  readonly endedAt: Date;
  /** Prisma's migrations that ran since: a later release of NextCRM. */
  readonly migrations: number;
}

/** Null while the migration itself is under way: nobody but us has written. */
export async function readLater(target: TargetReader, endedAt: Date | null): Promise<Later | null> {
  if (endedAt === null) return null;
  const [found] = await target.query("select to_regclass('public._prisma_migrations') is not null as is_there");
  if (found?.['is_there'] !== true) return { endedAt, migrations: 0 };
  const [row] = await target.query(
    'select count(*)::text as count from public._prisma_migrations where finished_at is not null and started_at > $1::timestamptz',
    [endedAt.toISOString()],
  );
  return { endedAt, migrations: Number(row?.['count']) };
}

/** Clocks of the app and of the server may differ; a date beyond that is the data's own. */
const clocksApartMs = 86_400_000;

const updateTimes: ReadonlySet<string> = new Set(['updatedAt', 'last_updated']);
const creationTimes: ReadonlySet<string> = new Set(['createdAt', 'created_on', 'date_created']);

function timeColumns({ columns }: CollectionSpec, names: ReadonlySet<string>): readonly string[] {
  return Object.keys(columns).filter((name) => names.has(name) && columns[name]?.kind === 'timestamp');
}

/** In SQL, of a row `t` that belongs to no document: made by NextCRM, as a random UUID and the times that it sets say. */
export function madeLater(spec: CollectionSpec, later: Later | null): string {
  if (later === null) return 'false';
  const times = timeColumns(spec, creationTimes).map((name) => `coalesce(${isLater(name, later)}, true)`);
  return ["substr(t.id::text, 15, 1) = '4'", ...times].join(' and ');
}

/** In SQL, of a row `t`: made or updated by NextCRM. */
export function touchedLater(spec: CollectionSpec, later: Later | null): string {
  if (later === null) return 'false';
  const times = timeColumns(spec, updateTimes).map((name) => `coalesce(${isLater(name, later)}, false)`);
  return [`(${madeLater(spec, later)})`, ...times].join(' or ');
}

function isLater(column: string, { endedAt }: Later): string {
  const [from, to] = [endedAt.getTime(), Date.now() + clocksApartMs].map((ms) =>
    literal(new Date(ms).toISOString().slice(0, -1)),
  );
  return `(t.${quoted(column)} > ${from}::timestamp and t.${quoted(column)} < ${to}::timestamp)`;
}

/** Of a row that was read with the columns of `spec` behind its `id`: the places of the times that an update sets. */
export function updateTimePlaces(spec: CollectionSpec): readonly number[] {
  const names = Object.keys(spec.columns);
  return timeColumns(spec, updateTimes).map((name) => 1 + names.indexOf(name));
}

/** PostgreSQL counts microseconds from here. */
const epochMs = Date.UTC(2000, 0, 1);

/** Whether the time at `place` of the row was set since. */
export function isTimeLater(row: Tuple, place: number, { endedAt }: Later): boolean {
  if (row.length(place) !== 8) return false;
  const ms = Number(row.bytes.readBigInt64BE(row.start(place)) / 1000n) + epochMs;
  return ms > endedAt.getTime() && ms < Date.now() + clocksApartMs;
}
