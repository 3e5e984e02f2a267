/** Runs the program on sample data into each of the four states of its report, and takes a picture of each page. */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execPath } from 'node:process';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import postgres from 'postgres';
import { reportFiles } from '../../src/report/files.ts';
import type { Report } from '../../src/report/model.ts';
import { throwAwayServer } from './postgres/throw-away.ts';
import { program } from './program.ts';

const checkout = resolve(import.meta.dirname, '../..');
const pictures = join(checkout, 'docs/pictures');
const size = { width: 1000, height: 1000 };

interface Plan {
  readonly name: string;
  readonly sample: readonly string[];
  /** What the target's server does to the load. */
  readonly fault?: string;
  /** True for the report that is the picture; without, the last one. */
  readonly at?: (report: Report) => boolean;
}

const plans: readonly Plan[] = [
  { name: 'clean', sample: [] },
  { name: 'findings', sample: ['--dirty'] },
  {
    name: 'running',
    sample: ['--documents', '400000'],
    at: ({ progress }) => progress?.name === 'Users' && (progress.fraction ?? 0) > 0.5,
  },
  { name: 'failed', sample: [], fault: '53100' },
];

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-pictures-'));
  try {
    await using server = await throwAwayServer();
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    await mkdir(pictures, { recursive: true });
    for (const plan of plans) {
      const page = join(folder, `${plan.name}.html`);
      await writeFile(page, await pageOf(plan, server.url, join(folder, plan.name)));
      const tab = await browser.newPage({ viewport: size, colorScheme: 'light' });
      await tab.goto(pathToFileURL(page).href);
      await tab.screenshot({ path: join(pictures, `report-${plan.name}.png`) });
      await tab.close();
      console.log(`docs/pictures/report-${plan.name}.png`);
    }
    await browser.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The page as the container writes it: what it names of this machine becomes what it would name there. */
async function pageOf(plan: Plan, serverUrl: string, folder: string): Promise<string> {
  const report = await reportOf(plan, serverUrl, folder);
  const there = { ...report, source: 'mongodump folder /dump/nextcrm, database nextcrm', target: 'postgres:5432/nextcrm' };
  const text = JSON.stringify(there).replaceAll(report.target, there.target);
  return String(reportFiles(JSON.parse(text) as Report)['report.html']);
}

async function reportOf({ name, sample, fault, at }: Plan, serverUrl: string, folder: string): Promise<Report> {
  await run(join(checkout, 'scripts/sample/main.ts'), ['--out', join(folder, 'dump'), ...sample], {});
  const url = new URL(serverUrl);
  url.pathname = `/pictures_${name}`;
  await inDatabase(serverUrl, `create database pictures_${name}`);
  const volume = join(folder, 'volume');
  await mkdir(volume, { recursive: true });
  const environment = { MONGODB_URL: pathToFileURL(join(folder, 'dump')).href, DATABASE_URL: url.href, MIGRATION_DIR: volume };
  const read = async () => JSON.parse(await readFile(join(volume, 'report.json'), 'utf8')) as Report;
  if (fault !== undefined) await inDatabase(url.href, failingLoad(fault));
  const stop = new AbortController();
  let found: Report | null = null;
  const watcher = watch(volume, () => {
    if (at === undefined || found !== null) return;
    void read().then(
      (report) => {
        if (!at(report)) return;
        found = report;
        stop.abort();
      },
      () => undefined,
    );
  });
  await run(program, [], environment, stop.signal);
  watcher.close();
  if (at !== undefined && found === null) throw new Error(`${name}: it was never in that state`);
  return found ?? (await read());
}

/** As soon as the tables are there, the one of leads takes no row. */
const failingLoad = (sqlState: string): string => `
  create schema faults;
  create function faults.refuse() returns trigger language plpgsql as
    $$ begin raise exception using errcode = '${sqlState}', message = 'could not extend file'; end $$;
  create function faults.prepare() returns event_trigger language plpgsql as $$
    begin
      if to_regclass('public."crm_Leads"') is not null and not exists (select from pg_trigger where tgname = 'refuse') then
        create trigger refuse before insert on public."crm_Leads" for each statement execute function faults.refuse();
      end if;
    end $$;
  create event trigger prepare on ddl_command_end when tag in ('CREATE TABLE') execute function faults.prepare()`;

async function inDatabase(url: string, statements: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(statements);
  await sql.end();
}

/** To its end, whatever its exit code. */
function run(program: string, args: readonly string[], environment: Record<string, string>, stop?: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(execPath, [program, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...environment },
    });
    stop?.addEventListener('abort', () => child.kill('SIGTERM'));
    child.on('error', failed);
    child.on('exit', () => done());
  });
}

await main();
