/** Where a step is: what has been reported of its work, and the lines that say so. Pure but for the clock that it is given. */
import { count, duration, percent, printable } from '../report/format.ts';
import type { Progress } from './progress.ts';

/** Monotonic, in seconds. */
export type Clock = () => number;

interface Work {
  readonly total: number | null;
  readonly beganAt: number;
  /** What was done before (a resumed run) tells nothing of the speed. */
  readonly doneBefore: number;
  readonly fractionBefore: number | null;
  done: number;
  fraction: number | null;
}

/** Before that, a rate says more about the start than about the work. */
const rateAfterSeconds = 1;
/** After this long without a sign, a line says what is being waited for; then each time twice as long, up to the second. */
const silenceSeconds = 30;
const silenceSecondsMax = 300;

export interface TrackerEvents {
  /** A name's work has ended, in so many seconds. */
  ended(line: string): void;
  noted(line: string): void;
  /** Something moved. */
  moved(): void;
}

export class Tracker implements Progress {
  readonly #clock: Clock;
  readonly #events: TrackerEvents;
  readonly #unit: string;
  readonly #works = new Map<string, Work>();
  readonly #startedAt: number;
  #weights = new Map<string, number>();
  readonly #ended = new Set<string>();
  /** Share of the whole that was done before this run, as it comes to light. */
  #weightBefore = 0;
  #lastNote: string | null = null;
  #movedAt: number;
  #silence = silenceSeconds;

  constructor(unit: string | undefined, clock: Clock, events: TrackerEvents) {
    this.#unit = unit === undefined ? '' : ` ${unit}`;
    this.#clock = clock;
    this.#events = events;
    this.#startedAt = this.#movedAt = clock();
  }

  expect(weights: { readonly [name: string]: number }): void {
    this.#weights = new Map(Object.entries(weights));
  }

  begin(name: string, total: number | null, done: number): void {
    const fraction = total === null ? null : total === 0 ? 1 : Math.min(1, done / total);
    this.#works.set(name, { total, beganAt: this.#clock(), doneBefore: done, fractionBefore: fraction, done, fraction });
    this.#weightBefore += (this.#weights.get(name) ?? 0) * (fraction ?? 0);
    this.#moved();
  }

  advance(name: string, done: number, fraction?: number): void {
    const work = this.#works.get(name);
    // Progress is for people: a wrong call of it must not end a migration.
    if (work === undefined) return;
    if (done !== work.done) this.#moved();
    work.done = done;
    if (fraction !== undefined) work.fraction = Math.min(1, Math.max(0, fraction));
    else if (work.total !== null) work.fraction = work.total === 0 ? 1 : Math.min(1, done / work.total);
  }

  end(name: string): void {
    const work = this.#works.get(name);
    if (work === undefined) return;
    this.#works.delete(name);
    this.#ended.add(name);
    this.#moved();
    // 29 collections, most of them empty in most databases: nothing to say about these.
    if (work.done === 0) return;
    const unit = work.done === 1 ? this.#unit.replace(/s$/, '') : this.#unit;
    this.#events.ended(`${printable(name)}: ${count(work.done)}${unit} in ${duration(this.#clock() - work.beganAt)}`);
  }

  note(line: string): void {
    this.#lastNote = printable(line);
    this.#moved();
    this.#events.noted(this.#lastNote);
  }

  get seconds(): number {
    return this.#clock() - this.#startedAt;
  }

  /** One line for each name under way, and one for all where there are several. */
  lines(): string[] {
    const lines = [...this.#works].map(([name, work]) => this.#line(name, work));
    const all = this.#inAll();
    return all === null ? lines : [...lines, all];
  }

  /** The line for a long silence, when it is due. */
  waiting(): string | null {
    const silent = this.#clock() - this.#movedAt;
    if (silent < this.#silence) return null;
    this.#silence = Math.min(this.#silence * 2, this.#silence + silenceSecondsMax);
    const [name] = this.#works.keys();
    const what =
      name === undefined ? this.#lastNote : `${printable(name)}${this.#lastNote === null ? '' : ` (${this.#lastNote})`}`;
    return `no progress for ${duration(silent)}; waiting for ${what ?? 'the step to continue'}`;
  }

  #moved(): void {
    this.#movedAt = this.#clock();
    this.#silence = silenceSeconds;
    this.#events.moved();
  }

  #line(name: string, work: Work): string {
    const seconds = this.#clock() - work.beganAt;
    const parts: string[] = [];
    if (work.fraction !== null) parts.push(percent(work.fraction));
    parts.push(`${count(work.done)}${work.total === null ? '' : ` of ${count(work.total)}`}${this.#unit}`);
    if (seconds >= rateAfterSeconds && work.done > work.doneBefore) {
      parts.push(`${count((work.done - work.doneBefore) / seconds)}/s`);
      const left = secondsLeft(work.fraction, work.fractionBefore ?? 0, seconds);
      if (left !== null) parts.push(`${duration(left)} left`);
    }
    return `${printable(name)}: ${parts.join(' · ')}`;
  }

  #inAll(): string | null {
    const whole = this.#weights.values().reduce((sum, weight) => sum + weight, 0);
    if (whole === 0 || this.#weights.size < 2) return null;
    let done = 0;
    for (const [name, weight] of this.#weights) {
      done += weight * (this.#ended.has(name) ? 1 : (this.#works.get(name)?.fraction ?? 0));
    }
    const seconds = this.seconds;
    const left = seconds < rateAfterSeconds ? null : secondsLeft(done / whole, this.#weightBefore / whole, seconds);
    return `total: ${[percent(done / whole), ...(left === null ? [] : [`${duration(left)} left`])].join(' · ')}`;
  }
}

function secondsLeft(fraction: number | null, before: number, seconds: number): number | null {
  if (fraction === null || fraction <= before) return null;
  return ((1 - fraction) * seconds) / (fraction - before);
}
