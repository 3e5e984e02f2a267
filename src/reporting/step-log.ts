/** The steps of a run for its report: which are done, which one is under way and where it is, which are still to come. */
import type { Progress, Step, StepName } from '../progress/progress.ts';
import type { Report, StepResult, Throughput } from '../report/model.ts';
import { Meter } from './meter.ts';

type Named = Pick<Step, 'name' | 'title' | 'unit'>;

export class StepLog {
  readonly #startedMs = performance.now();
  #steps: StepResult[] = [];
  #throughput: Throughput[] = [];
  #meter: Meter | null = null;
  #beganMs = 0;
  #step: StepName = 'check';

  get step(): StepName {
    return this.#step;
  }

  /** What lies ahead. What was done, or tried, before a lost connection stays. */
  plan(steps: readonly Named[]): void {
    this.#steps = [
      ...this.#steps.filter(({ state }) => state !== 'to come'),
      ...steps.map(({ name, title }) => ({ name, title, state: 'to come', seconds: 0 }) as const),
    ];
  }

  /** Returns what the step tells its progress to, and what of it is known. */
  begin(step: Named, inner: Progress): Progress {
    if (!this.#steps.some(({ name, state }) => name === step.name && state === 'to come')) this.plan([step]);
    this.#step = step.name;
    this.#beganMs = performance.now();
    this.#meter = new Meter(inner, step, () => (performance.now() - this.#startedMs) / 1000);
    this.#put('to come', { state: 'under way' });
    return this.#meter;
  }

  /** Returns its seconds. */
  end(state: 'done' | 'stopped'): number {
    const seconds = this.#seconds();
    this.#throughput = this.#measured();
    this.#put('under way', { state, seconds });
    // A step that was stopped is reported with where it stopped.
    if (state === 'done') this.#meter = null;
    return seconds;
  }

  /** As things stand. */
  reported(): Pick<Report, 'progress' | 'steps' | 'throughput'> {
    return {
      progress: this.#meter?.at ?? null,
      steps: this.#steps.map((step) => (step.state === 'under way' ? { ...step, seconds: this.#seconds() } : step)),
      throughput: this.#steps.some(({ state }) => state === 'under way') ? this.#measured() : this.#throughput,
    };
  }

  #measured(): Throughput[] {
    const samples = this.#meter?.samples ?? [];
    return samples.length === 0 ? this.#throughput : [...this.#throughput, { step: this.#step, samples }];
  }

  #seconds(): number {
    return Math.round(performance.now() - this.#beganMs) / 1000;
  }

  #put(from: StepResult['state'], part: Partial<StepResult>): void {
    const index = this.#steps.findIndex(({ name, state }) => name === this.#step && state === from);
    this.#steps = this.#steps.map((step, at) => (at === index ? { ...step, ...part } : step));
  }
}
