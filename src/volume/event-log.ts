/** migration.log: one JSON object a line, appended. Buffered a moment, so that a line costs nothing in the load. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

export interface LogEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

const bufferedMsMax = 500;
const bufferedLengthMax = 64 * 1024;

export class EventLog {
  readonly #file: number;
  #buffered = '';
  #timer: NodeJS.Timeout | null = null;
  #error: unknown = null;
  #closed = false;

  constructor(path: string) {
    this.#file = openSync(path, 'a+', 0o644);
    // A kill may have cut the last line; the next one must not be lost with it.
    if (!endsWithNewline(this.#file)) this.#buffered = '\n';
  }

  /** Never a value of a document, never a secret. `at` is added. */
  add(event: LogEvent): void {
    this.#buffered += `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`;
    if (this.#buffered.length >= bufferedLengthMax) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), bufferedMsMax).unref();
  }

  /** @throws the first error of writing, once. */
  flush(): void {
    this.#write();
    const error = this.#error;
    this.#error = null;
    if (error !== null) throw error;
  }

  close(): void {
    if (this.#closed) return;
    try {
      this.flush();
    } finally {
      this.#closed = true;
      closeSync(this.#file);
    }
  }

  /** Synchronous: the last lines are written even from an `exit` handler. An error is kept for `flush`: this runs from a timer. */
  #write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#closed) return;
    try {
      let rest = Buffer.from(this.#buffered);
      this.#buffered = '';
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#file, rest));
    } catch (error) {
      this.#error ??= error;
    }
  }
}

function endsWithNewline(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  return readSync(file, last, 0, 1, size - 1) === 0 || last[0] === 0x0a;
}
