/** Progress of work that begins beside one step and goes on in the next: what is under way is begun again there. */
import type { Progress } from './progress.ts';

interface Work {
  readonly total: number | null;
  done: number;
  fraction: number | undefined;
}

export class Relay implements Progress {
  #to: Progress | null = null;
  #isBeside = true;
  #weights = new Map<string, number>();
  readonly #works = new Map<string, Work>();

  /** Beside the work of a step that has its own total. */
  beside(step: Progress): void {
    this.#to = step;
  }

  /** From now on it is the work of this step. */
  moveTo(step: Progress): void {
    this.#to = step;
    this.#isBeside = false;
    step.expect(Object.fromEntries(this.#weights));
    for (const [name, { total, done, fraction }] of this.#works) {
      step.begin(name, total, done);
      step.advance(name, done, fraction);
    }
  }

  expect(weights: { readonly [name: string]: number }): void {
    this.#weights = new Map(Object.entries(weights));
    if (!this.#isBeside) this.#to?.expect(weights);
  }

  begin(name: string, total: number | null, done: number): void {
    this.#works.set(name, { total, done, fraction: undefined });
    this.#to?.begin(this.#called(name), total, done);
  }

  advance(name: string, done: number, fraction?: number): void {
    const work = this.#works.get(name);
    if (work !== undefined) Object.assign(work, { done, fraction });
    this.#to?.advance(this.#called(name), done, fraction);
  }

  end(name: string): void {
    this.#works.delete(name);
    this.#weights.delete(name);
    this.#to?.end(this.#called(name));
  }

  note(line: string): void {
    this.#to?.note(line);
  }

  #called(name: string): string {
    return this.#isBeside ? `comparing ${name}` : name;
  }
}
