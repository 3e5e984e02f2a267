/** Seconds since the last lap: every moment of a collection's load is counted in one of its laps. */
export class Stopwatch {
  #sinceMs = performance.now();

  lap(): number {
    const nowMs = performance.now();
    const seconds = (nowMs - this.#sinceMs) / 1000;
    this.#sinceMs = nowMs;
    return seconds;
  }
}
