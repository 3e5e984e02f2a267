/** Outside of the steps: when no progress for 30 s, a line says what is being waited for. */
import { duration } from '../report/format.ts';

const silenceMs = 30_000;

export class Waiting implements Disposable {
  readonly #note: (line: string) => void;
  readonly #silenceMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** `silence`, in milliseconds, is for tests. */
  constructor(note: (line: string) => void, silence = silenceMs) {
    this.#note = note;
    this.#silenceMs = silence;
  }

  /** What is waited for from now on; null: nothing that is not reported elsewhere. */
  for(what: string | null): void {
    clearInterval(this.#timer);
    if (what === null) return;
    const beganMs = performance.now();
    this.#timer = setInterval(() => {
      this.#note(`no progress for ${duration((performance.now() - beganMs) / 1000)}; waiting for ${what}`);
    }, this.#silenceMs).unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
