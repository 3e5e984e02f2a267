/** The four states of a report, each made by the real program from a dump whose names and ids try to be markup. */
import { type FSWatcher, watch } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, ObjectId } from 'bson';
import type { Report } from '../../../src/report/model.ts';
import { writeDump } from '../../support/dump.ts';
import { loadableDatabase } from '../../support/loadable-database.ts';
import { dumpUrl, type Workplace, workplace } from '../../support/program.ts';
import { parsedReport } from '../../support/report-schema.ts';
import { heldOpen } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';

export const stateNames = ['clean', 'findings', 'running', 'failed'] as const;
export type StateName = (typeof stateNames)[number];

export interface State {
  readonly page: string;
  readonly report: Report;
  readonly text: string;
  /** What the terminal showed. */
  readonly output: string;
}

/** In names and ids, which a report tells; what it must not do is run. */
export const hostile = `<script>document.title='ran'</script><img src=x onerror=document.title='ran'>`;
/** In every value; no report tells one. */
export const canary = 'value-of-a-document';

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));

const user = (key: unknown, n: number, more: Document = {}): Document => ({
  _id: key,
  email: `${canary}.${n}@example.com`,
  name: canary,
  ...more,
});

const users = Array.from({ length: 400 }, (_, n) => user(id(n + 1), n));
const accounts = Array.from({ length: 200 }, (_, n) => ({
  _id: id(1000 + n),
  name: canary,
  assigned_to: id(n + 1),
  // Half of them dangle.
  industry: id(2000 + (n % 2)),
  [hostile]: canary,
}));
const clean: Record<string, Document[]> = {
  Users: users,
  crm_Accounts: accounts,
  crm_Industry_Type: [{ _id: id(2000), name: canary }],
  // The name of a file has no slash.
  [hostile.replaceAll('/', '')]: [{ _id: hostile, text: canary }],
};
const dirty: Record<string, Document[]> = {
  ...clean,
  Users: [...users, user(hostile, 1), user(`${hostile}&amp;`, 2), { _id: id(900), name: canary }],
  Boards: Array.from({ length: 30 }, (_, n) => ({
    _id: `${hostile} ${n}`,
    title: canary,
    description: canary,
    user: id(77_777),
  })),
};

async function prepared(place: Workplace, url: string, content: Record<string, Document[]>): Promise<Record<string, string>> {
  await writeDump(join(place.folder, 'dump', 'nextcrm'), content);
  return { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: url };
}

/** Copies what the volume holds now into `folder`. */
async function taken(place: Workplace, folder: string, output: string): Promise<State> {
  await mkdir(folder, { recursive: true });
  const page = join(folder, 'report.html');
  await copyFile(join(place.volume, 'report.html'), page);
  const text = await readFile(join(place.volume, 'report.txt'), 'utf8');
  return { page, text, output, report: parsedReport(await readFile(join(place.volume, 'report.json'), 'utf8')) };
}

async function finished(folder: string, content: Record<string, Document[]>, script = ''): Promise<State> {
  await using database = await loadableDatabase();
  await using place = await workplace();
  if (script !== '') {
    await using session = await testSession(database.url);
    await session.script(script);
  }
  const { output, exit } = await place.run([], await prepared(place, database.url, content));
  if (exit === 70) throw new Error(output);
  return await taken(place, folder, output);
}

/** What a server says whose disk is full, in the middle of the load. */
const diskFull = `
  create function pg_temp_full() returns trigger language plpgsql as $$
    begin raise exception using errcode = '53100', message = 'could not extend file'; end $$;
  create trigger full_disk before insert on public."crm_Accounts" for each statement execute function pg_temp_full()`;

/** Held up in the middle of the load; the report is read again until it has been rewritten. */
async function running(folder: string): Promise<State> {
  await using database = await loadableDatabase();
  await using place = await workplace();
  const environment = await prepared(place, database.url, clean);
  const lock = await heldOpen(database.url, 'lock table public."crm_Accounts" in share mode');
  const run = place.start([], environment);
  try {
    await mkdir(place.volume, { recursive: true });
    const reported = await reportThat(place, ({ step, collections }) => step === 'load' && collections['Users'] !== undefined);
    await reportThat(place, ({ writtenAt }) => writtenAt > reported.writtenAt);
    return await taken(place, folder, run.output());
  } finally {
    await lock[Symbol.asyncDispose]();
    run.process.kill('SIGTERM');
    await run.ended;
  }
}

/** The first report for which it holds, each time that one is written. */
async function reportThat(place: Workplace, holds: (report: Report) => boolean): Promise<Report> {
  const found = Promise.withResolvers<Report>();
  const look = () =>
    void place.report().then(
      (report) => holds(report) && found.resolve(report),
      // Not there yet, or not the whole of it: the next look will tell.
      (error: Error) => /breaks/.test(error.message) && found.reject(error),
    );
  const watcher: FSWatcher = watch(place.volume, look);
  try {
    look();
    return await found.promise;
  } finally {
    watcher.close();
  }
}

export const makers: Readonly<Record<StateName, (folder: string) => Promise<State>>> = {
  clean: (folder) => finished(folder, clean),
  findings: (folder) => finished(folder, dirty),
  running,
  failed: (folder) => finished(folder, clean, diskFull),
};
