/** One sequence of commands and events, drawn by a seed or given, on the real program and on the model of it. */
import * as assert from 'uvu/assert';
import { killedRun, type Observer, type StepName, titles } from '../../support/kills.ts';
import { said } from '../../support/runs.ts';
import { type Content, Model } from './model.ts';
import {
  damageRow,
  dataOf,
  endSessions,
  loseVolume,
  reportIds,
  type Standing,
  standing,
  verdictsOnVolume,
  type World,
  withForeignCheckpoint,
  writeSource,
} from './world.ts';

/** The source at the beginning. */
export const first: Content = { mail: false, twin: true, name: 0 };

/** What a run prints when it has come to its proof, or is over without one. */
const validatesOrEnds = new RegExp(`${titles.validate}|There is nothing to do|exit code`);

/** What sequences share. */
export interface Among {
  readonly observer: Pick<Observer, 'quiet'>;
  /** What the target holds, by what the model says of it: the same, whatever led there. */
  readonly dataBy: Map<string, Record<string, string>>;
  /** How often each event was. */
  readonly happened: Map<string, number>;
}

export class Sequence {
  readonly model = new Model(first);
  readonly story: unknown[] = [];
  readonly #world: World;
  readonly #random: () => number;
  readonly #among: Among;

  constructor(world: World, random: () => number, among: Among) {
    this.#world = world;
    this.#random = random;
    this.#among = among;
  }

  #below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  #told(more: unknown): string {
    return `${this.story.map((event) => JSON.stringify(event)).join('\n')}\n${JSON.stringify(more)}`;
  }

  is(actual: unknown, expected: unknown, output: string): void {
    assert.equal(actual, expected, this.#told({ actual, expected, output }));
  }

  async event(given?: keyof typeof this.weights): Promise<void> {
    const names = Object.keys(this.#events) as (keyof typeof this.weights)[];
    const possible = names.filter((name) => this.#isPossible(name));
    const drawn = possible.flatMap((name) => Array.from({ length: this.weights[name] }, () => name));
    const name = given ?? drawn[this.#below(drawn.length)] ?? 'status';
    this.story.push(name);
    const { happened } = this.#among;
    happened.set(name, (happened.get(name) ?? 0) + 1);
    await this.#events[name]();
    await this.agree();
  }

  readonly weights = {
    start: 5,
    kill: 3,
    terminate: 1,
    two: 1,
    acceptBeside: 2,
    acceptLast: 2,
    acceptStale: 2,
    verify: 2,
    verifyBeside: 1,
    status: 2,
    foreign: 1,
    volumeLost: 1,
    mail: 2,
    twin: 2,
    name: 2,
    damage: 1,
  };

  #isPossible(name: string): boolean {
    const { source, mayChange, damaged, loaded } = this.model;
    if (name === 'mail') return mayChange && !source.mail;
    if (name === 'twin') return mayChange && source.twin;
    if (name === 'name') return mayChange;
    if (name === 'damage') return mayChange && loaded !== null && !damaged;
    return true;
  }

  readonly #events: Readonly<Record<keyof typeof this.weights, () => Promise<void>>> = {
    start: () => this.start(),
    kill: () => this.#kill(),
    terminate: () =>
      this.start(async (run) => {
        await said(run, validatesOrEnds);
        await endSessions(this.#world);
      }),
    two: () => this.#two(),
    acceptBeside: () => this.#acceptBeside(),
    acceptLast: () => this.#accept([...this.model.reports.keys()].at(-1)),
    acceptStale: () => this.#accept([...this.model.reports.keys()].at(this.#below(this.model.reports.size))),
    verify: async () => {
      const expected = this.model.verify();
      const { exit, output } = await this.#world.place.run(['verify'], this.#world.environment);
      this.is(exit, expected, output);
      if (this.model.step === 'finished') this.model.reported((await this.#world.place.report()).id, 'verify');
    },
    verifyBeside: () => this.#verifyBeside(),
    status: async () => {
      const { exit, output } = await this.#world.place.run(['status'], {});
      if (this.model.status === null) assert.ok([0, 1, 5, 6].includes(Number(exit)), this.#told(output));
      else this.is(exit, this.model.status, output);
    },
    foreign: async () => {
      await withForeignCheckpoint(this.#world, async () => {
        const { exit, output } = await this.#world.place.run([], this.#world.environment);
        this.is(exit, this.model.foreign(), output);
      });
    },
    volumeLost: async () => {
      this.model.volumeLost();
      await loseVolume(this.#world);
    },
    mail: () => this.#write({ mail: true }),
    twin: () => this.#write({ twin: false }),
    name: () => this.#write({ name: 1 - this.model.source.name }),
    damage: async () => {
      this.model.damaged = true;
      await damageRow(this.#world);
    },
  };

  async #write(change: Partial<Content>): Promise<void> {
    this.model.source = { ...this.model.source, ...change };
    await writeSource(this.#world.place, this.model.source);
  }

  /** Several in a row, by what they ended with; a run that came too late for the lock is none. */
  async #judged(exits: readonly (number | string)[], output: string): Promise<void> {
    const before = this.model.own;
    const ran = exits.filter((exit) => exit !== 6);
    const expected = ran.map(() => this.model.start());
    this.is([...ran].sort(), [...expected].sort(), output);
    const { reportId } = await standing(this.#world);
    if (reportId !== before) this.model.reported(reportId, 'migrate');
  }

  async start(meanwhile: (run: ReturnType<World['place']['start']>) => Promise<unknown> = async () => undefined): Promise<void> {
    const run = this.#world.place.start([], this.#world.environment);
    await meanwhile(run);
    const { exit, output } = await run.ended;
    await this.#judged([exit], output);
  }

  async #two(): Promise<void> {
    const { place, environment } = this.#world;
    const ended = await Promise.all([place.run([], environment), place.run([], environment)]);
    await this.#judged(
      ended.map(({ exit }) => exit),
      ended.map(({ output }) => output).join('\n'),
    );
  }

  async #kill(): Promise<void> {
    const likely: readonly StepName[] =
      this.model.step === 'load' ? ['load', 'resolve', 'index', 'validate'] : ['retry', 'index', 'validate', 'handover'];
    const step = likely[this.#below(likely.length)] ?? 'validate';
    const signal: NodeJS.Signals = this.#random() < 0.3 ? 'SIGTERM' : 'SIGKILL';
    const plan = { step, messages: this.#below(12), passes: this.#random() < 0.5, signal };
    this.story.push(plan);
    const { exit, output } = await killedRun(this.#world.place, this.#world.environment, plan);
    await this.#among.observer.quiet(new URL(this.#world.environment.DATABASE_URL).pathname.slice(1));
    if (exit !== 'SIGKILL' && exit !== 5) return await this.#judged([exit], output);
    const seen = await standing(this.#world);
    this.story.push(seen);
    this.model.stopped(seen);
  }

  async #accept(id = '20260131-094500-3f2a'): Promise<void> {
    this.story.push(id);
    const { exit, output } = await this.#world.place.run(['accept', id], this.#world.environment);
    this.is(exit, this.model.accept(id), output);
  }

  /** In another terminal while a run validates. */
  async #acceptBeside(): Promise<void> {
    const { place, environment } = this.#world;
    const id = [...this.model.reports.keys()].at(this.#below(this.model.reports.size)) ?? '20260131-094500-3f2a';
    let accepting: ReturnType<typeof place.run> | null = null;
    await this.start(async (run) => {
      await said(run, validatesOrEnds);
      accepting = place.run(['accept', id], environment);
      await accepting;
    });
    const { exit, output } = (await (accepting as ReturnType<typeof place.run> | null)) ?? { exit: '', output: '' };
    if (exit !== 6) this.is(exit, this.model.accept(id), output);
  }

  /** In another terminal while a run validates. Whether it comes before the end of that run or behind it is chance. */
  async #verifyBeside(): Promise<void> {
    const { place, environment } = this.#world;
    const wasDone = this.model.isDone;
    let verifying: ReturnType<typeof place.run> | null = null;
    await this.start(async (run) => {
      await said(run, validatesOrEnds);
      verifying = place.run(['verify'], environment);
      await verifying;
    });
    const { exit, output } = (await (verifying as ReturnType<typeof place.run> | null)) ?? { exit: '', output: '' };
    const { id, exitCode } = await place.report();
    if (exit === 2 && !wasDone) {
      // The report of the run stays on top, unless it was there before this one said no.
      if (exitCode === 2) this.model.refused(2);
      return;
    }
    const ofRun = this.model.status;
    this.is(exit, this.model.verify(), output);
    const known = [...this.model.reports.keys(), this.model.own];
    for (const verified of (await reportIds(this.#world)).filter((one) => !known.includes(one)))
      this.model.reported(verified, 'verify');
    if (id === this.model.own) this.model.onTop(id, ofRun);
  }

  async agree(): Promise<void> {
    const { model } = this;
    const found: Standing = await standing(this.#world);
    for (const { file, ...verdict } of await verdictsOnVolume(this.#world, found))
      this.is(verdict, { verdict: found.verdict, exitCode: found.exitCode }, file);
    this.is(
      [found.step === 'finished', found.exitCode, found.accepted],
      [model.step === 'finished', model.step === 'finished' ? model.exit : null, model.accepted !== null],
      'the run row',
    );
    if (model.step !== 'finished') return;
    const key = JSON.stringify([model.loaded, model.damaged]);
    const data = await dataOf(this.#world, { copies: !model.damaged });
    const before = this.#among.dataBy.get(key);
    if (before === undefined) this.#among.dataBy.set(key, data);
    else this.is(differing(data, before), [], `what the target holds is not what it held before for ${key}`);
  }
}

function differing(data: Record<string, string>, before: Record<string, string>): readonly string[] {
  return [...new Set([...Object.keys(data), ...Object.keys(before)])].filter((table) => data[table] !== before[table]);
}
