/** Counts what passed, failed and was skipped, and prints it at the end. */
import { basename } from 'node:path';

export class Tally {
  readonly #failures: string[] = [];
  readonly #skips: string[] = [];
  #skipped = 0;
  readonly #summaries: string[] = [];
  /** By file. */
  readonly #faults = new Map<string, number>();
  #passed = 0;

  get passed(): number {
    return this.#passed;
  }

  get failed(): number {
    return this.#failures.length;
  }

  /** Faults that tests caused and the program survived. */
  get survived(): number {
    return this.#faults.values().reduce((sum, count) => sum + count, 0);
  }

  get skipped(): number {
    return this.#skipped;
  }

  pass(): void {
    this.#passed += 1;
  }

  /** A test of `file` that causes a fault has passed. */
  survive(file: string): void {
    this.#faults.set(file, (this.#faults.get(file) ?? 0) + 1);
  }

  fail(name: string, reason: string): void {
    this.#failures.push(`FAILED  ${name}: ${firstLine(reason)}`);
  }

  skip(name: string, reason: string): void {
    this.#skipped += 1;
    this.#skips.push(`SKIPPED ${name}: ${reason}`);
  }

  /** All tests of `file`, for one reason: in one line. */
  skipAll(file: string, tests: number, reason: string): void {
    this.#skipped += tests;
    this.#skips.push(`SKIPPED ${file} (${tests} tests): ${reason}`);
  }

  summarize(text: string): void {
    this.#summaries.push(text);
  }

  /** What files reported of themselves, then each failure and skip by name; the last line holds the three counts. */
  print(): void {
    console.log();
    for (const line of [...this.#summaries, ...this.#survivedByFile(), ...this.#skips, ...this.#failures]) console.log(line);
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`);
  }

  #survivedByFile(): string[] {
    const each = [...this.#faults].map(([file, count]) => `${basename(file, '.test.ts')} ${count}`);
    return this.survived === 0 ? [] : [`faults survived: ${this.survived} (${each.join(', ')})`];
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
