/** Listens to the progress of a step, for the report: what it is at, and how many documents were done at which second. */
import type { Progress, Step } from '../progress/progress.ts';
import type { StepProgress, Throughput } from '../report/model.ts';

/** Where a chart has more points than a reader sees, every other one goes, and the next come half as often. */
const samplesMax = 64;
const apartSecondsFirst = 0.1;

export class Meter implements Progress {
  readonly #inner: Progress;
  readonly #unit: string | null;
  readonly #seconds: () => number;
  readonly #done = new Map<string, number>();
  #samples: Throughput['samples'][number][] = [];
  #apartSeconds = apartSecondsFirst;
  #documents = 0;
  #movedSeconds = 0;
  #at: StepProgress | null = null;

  /** `seconds` tells the time since the run began. */
  constructor(inner: Progress, { unit }: Pick<Step, 'unit'>, seconds: () => number) {
    this.#inner = inner;
    this.#unit = unit ?? null;
    this.#seconds = seconds;
    this.#sample();
  }

  get at(): StepProgress | null {
    return this.#at;
  }

  /** Up to this moment. Empty for a step that counts no documents. */
  get samples(): Throughput['samples'] {
    if (this.#documents === 0) return [];
    const last = this.#samples.at(-1);
    // Up to the last document: what a step does behind its documents is not their speed.
    return last?.documents === this.#documents
      ? [...this.#samples]
      : [...this.#samples, { seconds: this.#movedSeconds, documents: this.#documents }];
  }

  expect(weights: { readonly [name: string]: number }): void {
    this.#inner.expect(weights);
  }

  begin(name: string, total: number | null, done: number): void {
    this.#inner.begin(name, total, done);
    this.#done.set(name, done);
    this.#at = { name, unit: this.#unit, done, total, fraction: shareOf(done, total) };
  }

  advance(name: string, done: number, fraction?: number): void {
    this.#inner.advance(name, done, fraction);
    if (this.#unit === 'documents') this.#documents += Math.max(0, done - (this.#done.get(name) ?? done));
    this.#done.set(name, done);
    this.#movedSeconds = rounded(this.#seconds());
    if (this.#at?.name === name) this.#at = { ...this.#at, done, fraction: fraction ?? shareOf(done, this.#at.total) };
    if (this.#movedSeconds - (this.#samples.at(-1)?.seconds ?? 0) >= this.#apartSeconds) this.#sample();
  }

  end(name: string): void {
    this.#inner.end(name);
    this.#done.delete(name);
  }

  note(line: string): void {
    this.#inner.note(line);
  }

  #sample(): void {
    this.#samples.push(this.#now());
    if (this.#samples.length <= samplesMax) return;
    this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
    this.#apartSeconds *= 2;
  }

  #now(): Throughput['samples'][number] {
    return { seconds: rounded(this.#seconds()), documents: this.#documents };
  }
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function shareOf(done: number, total: number | null): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, done / total);
}
