/** Writes the latest of what it is given, one write at a time: what comes meanwhile replaces what waits. */
export class LatestWriter<T> {
  readonly #write: (value: T) => Promise<void>;
  #waiting: { readonly value: T } | null = null;
  #working: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(write: (value: T) => Promise<void>) {
    this.#write = write;
  }

  /** Does not wait. Throws the error of an earlier write, once. */
  put(value: T): void {
    this.#throwFailure();
    this.#waiting = { value };
    this.#working ??= this.#work();
  }

  /** Like `put`, for a caller whom an error must not reach: it is kept for the next one. */
  offer(value: T): void {
    if (this.#failure === null) this.put(value);
  }

  /** Once nothing waits and nothing is being written. Throws the error of a write, once. */
  async flush(): Promise<void> {
    await this.#working;
    this.#throwFailure();
  }

  async #work(): Promise<void> {
    try {
      while (this.#waiting !== null) {
        const { value } = this.#waiting;
        this.#waiting = null;
        await this.#write(value);
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#working = null;
    }
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.error;
  }
}
