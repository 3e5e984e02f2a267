/** The real thing beside the model: a dump, a database and a volume of one sequence, and what can be done to them. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, ObjectId } from 'bson';
import { readReports } from '../../../src/volume/saved-report.ts';
import { digestOf } from '../../support/digest.ts';
import { writeDump } from '../../support/dump.ts';
import { dumpUrl, type Workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import type { Content, Seen } from './model.ts';

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const when = new Date('2022-02-03T04:05:06Z');
const user = (n: number, fields: Document = {}): Document => ({
  _id: id(n),
  __v: 0,
  email: `${n}@example.com`,
  created_on: when,
  ...fields,
});

function documents({ mail, twin, name }: Content): Record<string, Document[]> {
  return {
    Users: [
      user(1, { name: `Name ${name}` }),
      user(2),
      user(3),
      ...(twin ? [user(3, { name: 'The second of this _id' })] : []),
      user(4, mail ? {} : { email: null }),
    ],
    // Of the user who is rejected.
    Boards: [{ _id: id(0x20), __v: 0, title: 't', description: 'd', user: id(4), createdAt: when, watchers: [id(1), id(4)] }],
  };
}

export interface World {
  readonly place: Workplace;
  readonly environment: { readonly MONGODB_URL: string; readonly DATABASE_URL: string };
}

export async function writeSource({ folder }: Workplace, content: Content): Promise<void> {
  await writeDump(join(folder, 'dump', 'nextcrm'), documents(content));
}

export function worldOf(place: Workplace, databaseUrl: string): World {
  return { place, environment: { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: databaseUrl } };
}

export interface Standing extends Seen {
  readonly exitCode: number | null;
  readonly verdict: string | null;
  readonly accepted: boolean;
}

export async function standing({ environment }: World): Promise<Standing> {
  await using session = await testSession(environment.DATABASE_URL);
  const [row] = await session.query<
    Record<'step' | 'report_id' | 'verdict', string> & { exit_code: number | null; accepted: boolean }
  >('select step, report_id, verdict, exit_code, accepted_at is not null as accepted from nextcrm_migration.run');
  const [users] = await session.query<{ loaded: boolean }>(
    `select exists (select from nextcrm_migration.progress where collection = 'Users' and (done or batch > 0)) as loaded`,
  );
  return {
    step: row?.step ?? '',
    reportId: row?.report_id ?? null,
    exitCode: row?.exit_code ?? null,
    verdict: row?.verdict ?? null,
    accepted: row?.accepted ?? false,
    usersLoaded: users?.loaded ?? false,
  };
}

/** What the files at the top of the volume say of the run's last verdict, where they are about it. */
export async function verdictsOnVolume(
  { place }: World,
  { step, reportId, verdict }: Standing,
): Promise<readonly { readonly file: string; readonly verdict: unknown; readonly exitCode: unknown }[]> {
  const read = async (file: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(place.volume, file), 'utf8').catch(() => '{}')) as Record<string, unknown>;
  if (step !== 'finished') return [];
  const report = await read('report.json');
  const checkpoint = await read('checkpoint.json');
  return [
    ...(report['id'] === reportId && report['state'] === 'finished'
      ? [{ file: 'report.json', verdict: report['verdict'], exitCode: report['exitCode'] }]
      : []),
    // Which has no verdict of its own.
    ...(checkpoint['reportId'] === reportId && checkpoint['step'] === 'finished'
      ? [{ file: 'checkpoint.json', verdict, exitCode: checkpoint['exitCode'] }]
      : []),
  ];
}

/**
 * Of all but the run row, which the model knows. Where a row was damaged, without what is copied or measured of the rows: a hand-over does
 * it, and a start behind the end makes the archive again, from what is there then. Whether that was before the damage depends on the way.
 */
export async function dataOf(
  { environment }: World,
  { copies }: { readonly copies: boolean } = { copies: true },
): Promise<Record<string, string>> {
  await using session = await testSession(environment.DATABASE_URL);
  const { 'nextcrm_migration.run': _, ...digests } = await digestOf(session);
  if (copies) return digests;
  const ofRows = ['nextcrm_migration.archive', 'nextcrm_migration.fingerprint'];
  const isCopy = (table: string) => table.startsWith('nextcrm_archive.') || ofRows.includes(table);
  return Object.fromEntries(Object.entries(digests).filter(([table]) => !isCopy(table)));
}

export async function damageRow({ environment }: World): Promise<void> {
  await using session = await testSession(environment.DATABASE_URL);
  await session.script(`delete from public."Users" where id = nextcrm_migration.uuid_of('${id(2).toHexString()}')`);
}

/** Ends the sessions of the program; those of a test have another name. */
export async function endSessions({ environment }: World): Promise<void> {
  await using session = await testSession(environment.DATABASE_URL);
  await session.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like 'nextcrm-migrate migrate%'`,
  );
}

/** Of the finished reports that are kept on the volume, in the order of their IDs: a start that was refused leaves one as well. */
export async function reportIds({ place }: World): Promise<readonly string[]> {
  const reports = await Array.fromAsync(readReports(place.volume));
  return reports.filter(({ state }) => state === 'finished').map((report) => report.id);
}

export async function loseVolume({ place }: World): Promise<void> {
  await rm(place.volume, { recursive: true, force: true });
}

/** Puts the checkpoint of another run there while `work` goes on; false where there is none to alter. */
export async function withForeignCheckpoint({ place }: World, work: () => Promise<void>): Promise<boolean> {
  const file = join(place.volume, 'checkpoint.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return false;
  const checkpoint = JSON.parse(text) as { runId: string };
  await writeFile(file, JSON.stringify({ ...checkpoint, runId: '00000000-0000-4000-8000-000000000000' }));
  await work();
  await writeFile(file, text);
  return true;
}
