/** Counts what passed, failed and was skipped, and prints it at the end. */
export class Tally {
  readonly #failures: string[] = [];
  readonly #skips: string[] = [];
  readonly #summaries: string[] = [];
  #passed = 0;

  get passed(): number {
    return this.#passed;
  }

  get failed(): number {
    return this.#failures.length;
  }

  get skipped(): number {
    return this.#skips.length;
  }

  pass(): void {
    this.#passed += 1;
  }

  fail(name: string, reason: string): void {
    this.#failures.push(`FAILED  ${name}: ${firstLine(reason)}`);
  }

  skip(name: string, reason: string): void {
    this.#skips.push(`SKIPPED ${name}: ${reason}`);
  }

  summarize(text: string): void {
    this.#summaries.push(text);
  }

  /** What files told of themselves, then each failure and skip by name; the last line holds the three counts. */
  print(): void {
    console.log();
    for (const line of [...this.#summaries, ...this.#skips, ...this.#failures]) console.log(line);
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`);
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
