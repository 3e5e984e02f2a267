/** Notices that nothing will come any more over a connection that looks open: the network between forgot it, or the server has long answered. */
import type { Socket } from 'node:net';

/** So long without a byte while something is waited for, the server is asked by another connection what it is doing. */
const silenceMsMax = 30_000;
/** And so long later it is over, when the answer was "nothing": it may just have been on its way. */
const graceMs = 5_000;
const tickMs = 1_000;

export class SilenceWatch implements Disposable {
  readonly #socket: () => Socket | null;
  readonly #atWork: () => Promise<boolean>;
  readonly #timer: NodeJS.Timeout;
  #waits = 0;
  #bytes = 0;
  #movedAtMs = performance.now();
  #asking = false;
  #idleSinceMs: number | null = null;

  /** `atWork` asks whether the server is still busy with what is waited for. */
  constructor(socket: () => Socket | null, atWork: () => Promise<boolean>) {
    this.#socket = socket;
    this.#atWork = atWork;
    this.#timer = setInterval(() => this.#tick(), tickMs).unref();
  }

  /** While `work` is under way, something is waited for. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waits === 0) this.#moved();
    this.#waits += 1;
    try {
      return await work();
    } finally {
      this.#waits -= 1;
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #moved(): void {
    this.#movedAtMs = performance.now();
    this.#idleSinceMs = null;
  }

  #tick(): void {
    const socket = this.#socket();
    if (socket === null) return;
    const bytes = socket.bytesRead + socket.bytesWritten;
    if (bytes !== this.#bytes || this.#waits === 0) {
      this.#bytes = bytes;
      this.#moved();
      return;
    }
    const now = performance.now();
    if (this.#idleSinceMs !== null && now - this.#idleSinceMs >= graceMs) {
      socket.destroy(Object.assign(new Error('the connection is silent'), { code: 'ETIMEDOUT' }));
      return;
    }
    if (now - this.#movedAtMs >= silenceMsMax && this.#idleSinceMs === null && !this.#asking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    const askedAtMs = this.#movedAtMs;
    const atWork = await this.#atWork();
    this.#asking = false;
    if (this.#movedAtMs !== askedAtMs) return;
    if (atWork) this.#moved();
    else this.#idleSinceMs = performance.now();
  }
}
