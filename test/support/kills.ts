/** Kills the program at a place in its work: the place is the n-th message to the target after a step's title, or a moment. */
import type { ChildProcess } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import postgres from 'postgres';
import type { Ended, Workplace } from './program.ts';
import { type ClientMessage, startProxy } from './proxy.ts';

/** Where a run is: the titles of the steps as the program prints them, and the places before, between and after. */
export const titles = {
  schema: 'Create schema',
  load: 'Load documents',
  retry: 'Retry rejected documents',
  resolve: 'Resolve references',
  link: 'Build junction tables',
  index: 'Build keys and indexes',
  validate: 'Validate every record',
  handover: 'Hand over',
} as const;

/** Behind the hand-over, where NextCRM's own migrations are applied. */
export const laterTitles = {
  backup: 'Back up the database',
  upgrade: "Apply NextCRM's migrations",
  restore: 'Restore what the migrations',
  compare: 'Validate the upgraded database',
} as const;
const allTitles = { ...titles, ...laterTitles };

export type StepName = keyof typeof titles;
export type LaterStepName = keyof typeof laterTitles;
const laterSteps = Object.keys(laterTitles) as readonly LaterStepName[];
/** Those of a run that was never finished. */
export const steps = (Object.keys(titles) as readonly StepName[]).filter((step) => step !== 'retry');
/** What the target says of a run that was killed; `report`: handed over, without a verdict. */
export type Place = 'check' | StepName | LaterStepName | 'report' | 'finished';

/** Small, fast and seeded (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export interface KillPlan {
  /** Armed once this step's title is out. */
  readonly step: StepName | LaterStepName;
  /** So many messages later; at the next step's title at the latest. */
  readonly messages: number;
  /** The last message reaches the server, or does not. */
  readonly passes: boolean;
  readonly signal?: NodeJS.Signals;
}

export interface Killed extends Ended {
  /** Messages that were counted in the step: more than the plan's where it was killed by the plan and not by the next step's title. */
  readonly messages: number;
}

/** Starts the program through a proxy of its own and kills it by the plan. */
export async function killedRun(place: Workplace, environment: RunEnvironment, plan: KillPlan): Promise<Killed> {
  let child: ChildProcess | null = null;
  let armed = false;
  let messages = 0;
  let killed = false;
  const kill = () => {
    if (killed) return;
    killed = true;
    child?.kill(plan.signal ?? 'SIGKILL');
  };
  const onMessage = (_message: ClientMessage): 'pass' | 'hold' => {
    if (!armed) return 'pass';
    messages += 1;
    if (messages <= plan.messages) return 'pass';
    kill();
    return plan.passes ? 'pass' : 'hold';
  };
  const proxy = await startProxy(environment.DATABASE_URL, { onMessage });
  const run = place.start([], { ...environment, DATABASE_URL: proxy.through(environment.DATABASE_URL) });
  child = run.process;
  const order: readonly (StepName | LaterStepName)[] = [...steps, ...laterSteps];
  const next = plan.step === 'retry' ? 'resolve' : order[order.indexOf(plan.step) + 1];
  run.process.stdout?.on('data', () => {
    armed ||= run.output().includes(allTitles[plan.step]);
    if (next !== undefined && run.output().includes(allTitles[next])) kill();
  });
  const ended = await run.ended;
  // A child of the program's that outlives it (Prisma's CLI) continues with its work, as without a proxy.
  proxy.leave();
  return { ...ended, messages };
}

/** How many messages a run sends in each step, and which of them lie between two batches of one collection. */
export interface Measured extends Ended {
  readonly messages: Readonly<Record<StepName, number>>;
  /** In the load: from the message that claims the second batch of that collection to the one that claims its last batch. */
  readonly betweenBatches: { readonly from: number; readonly to: number };
}

/** Runs through a proxy to the end. A message belongs to the step whose title was printed last. */
export async function measuredRun(place: Workplace, environment: RunEnvironment, collection: string): Promise<Measured> {
  const messages: Record<StepName, number> = {
    schema: 0,
    load: 0,
    retry: 0,
    resolve: 0,
    link: 0,
    index: 0,
    validate: 0,
    handover: 0,
  };
  const names = Object.keys(titles) as readonly StepName[];
  const claims: number[] = [];
  let now: StepName | undefined;
  const onMessage = ({ text }: ClientMessage): 'pass' => {
    if (now === undefined) return 'pass';
    messages[now] += 1;
    if (text.includes(`claim_batch('${collection}',`)) claims.push(messages[now]);
    return 'pass';
  };
  await using proxy = await startProxy(environment.DATABASE_URL, { onMessage });
  const run = place.start([], { ...environment, DATABASE_URL: proxy.through(environment.DATABASE_URL) });
  run.process.stdout?.on('data', () => {
    now = names.findLast((step) => run.output().includes(titles[step]));
  });
  const ended = await run.ended;
  return { ...ended, messages, betweenBatches: { from: claims[1] ?? 0, to: claims.at(-1) ?? 0 } };
}

export interface RunEnvironment extends Record<string, string> {
  readonly MONGODB_URL: string;
  readonly DATABASE_URL: string;
}

/** An administrator's connection to the test server, for templates and for looking on. */
export class Observer implements AsyncDisposable {
  readonly #sql: postgres.Sql;
  readonly #adminUrl: string;

  constructor(adminUrl = process.env['TEST_DATABASE_URL'] ?? '') {
    this.#adminUrl = adminUrl;
    this.#sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  }

  urlOf(database: string): string {
    const url = new URL(this.#adminUrl);
    url.pathname = `/${database}`;
    return url.href;
  }

  async query(text: string): Promise<readonly Record<string, unknown>[]> {
    return [...(await this.#sql.unsafe(text))];
  }

  /** Once no session is left in the database: those of a program that was killed end when the server notices. */
  async quiet(database: string): Promise<void> {
    for (;;) {
      const [row] = await this.#sql`select count(*)::integer as n from pg_stat_activity where datname = ${database}`;
      if (row?.['n'] === 0) return;
      await this.#sql`select pg_sleep(0.01)`;
    }
  }

  async copy(from: string, to: string): Promise<void> {
    await this.quiet(from);
    await this.#sql.unsafe(`create database "${to}" template "${from}"`);
  }

  async drop(database: string): Promise<void> {
    await this.#sql.unsafe(`drop database if exists "${database}" with (force)`);
  }

  async place(database: string): Promise<Place> {
    const sql = postgres(this.urlOf(database), { max: 1, onnotice: () => undefined });
    try {
      const [there] = await sql`select to_regclass('nextcrm_migration.run') is not null as there`;
      if (there?.['there'] !== true) return 'check';
      const [run] =
        await sql`select step, (select count(*)::integer from nextcrm_migration.prisma_migrations) as moved from nextcrm_migration.run`;
      if (run === undefined) return 'check';
      return run['step'] === 'handover' && run['moved'] > 0 ? 'report' : run['step'];
    } finally {
      await sql.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sql.end();
  }
}

/** The volume as it was at another moment. */
export async function copyVolume(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
}
