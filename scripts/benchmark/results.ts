/** What one run of the benchmark found, as docs/performance.json keeps it. */
import type { Usage } from './watch.ts';

/** Medians over the rounds, but for the highest figures, which are the highest of all rounds. */
export interface Measured extends Usage {
  readonly seconds: number;
  /** Of each round, in order. */
  readonly rounds: readonly number[];
  readonly documents: number;
  readonly bytes: number;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
}

/** `psql \copy` and our program on the same data. */
export interface Pair {
  readonly data: string;
  /** (a): all tables, and by itself the part of them that collections have (the others are the junction tables). */
  readonly copy: Measured;
  readonly copyOfCollections: Measured;
  /** (a'): keys and indexes by psql, after (a); and the planner's statistics, which are no part of it. */
  readonly restore: Measured;
  readonly analyze: Measured;
  /** (c) */
  readonly load: Measured;
  /** (d) */
  readonly whole: Measured;
  /** Seconds of each step of (d), of each round. */
  readonly steps: Readonly<Record<string, readonly number[]>>;
}

export interface Results {
  readonly measuredAt: string;
  readonly revision: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly server: string;
  readonly rounds: number;
  readonly accounts: Pair | null;
  readonly mix: Pair | null;
  /** (b) */
  readonly scan: Measured | null;
  /** (e) and (f), on a smaller share of the same proportions. */
  readonly createMany: Measured | null;
  readonly multiRow: Measured | null;
  /** (g), or why not. */
  readonly mongodump: Measured | string;
  /** The mix at further sizes. */
  readonly otherSizes: readonly Pair[];
  /** (d) at every size that was put into a MongoDB, from there. */
  readonly fromServer: readonly Measured[];
  readonly startUp: { readonly fresh: number; readonly resume: number; readonly noop: number } | null;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/**
 * How many times as long as `b` `a` takes: the median over the rounds, in which the two alternate, of the ratio within each. A machine
 * that is slower for a while is so for both; the medians of the one and of the other may come from different rounds.
 */
export function timesAsLong(a: readonly number[], b: readonly number[]): number {
  return median(a.map((seconds, round) => seconds / (b[round] ?? Number.NaN)));
}

/** Seconds of these steps of (d) together, of each round. */
export function stepRounds({ steps, load }: Pair, ...names: readonly string[]): readonly number[] {
  return load.rounds.map((_, round) => names.reduce((sum, name) => sum + (steps[name]?.[round] ?? Number.NaN), 0));
}

/** The mix at every size, the smallest first. */
export function sizesOf({ mix, otherSizes }: Results): readonly Pair[] {
  return [...otherSizes, ...(mix === null ? [] : [mix])].sort((a, b) => a.whole.documents - b.whole.documents);
}

/** Seconds of (a) and (a') together, of each round: the floor. */
export function floorRounds({ copy, restore }: Pair): readonly number[] {
  return copy.rounds.map((seconds, round) => seconds + (restore.rounds[round] ?? Number.NaN));
}

export interface Round {
  readonly seconds: number;
  readonly usage: Usage;
}

export function measured(rounds: readonly Round[], { documents, bytes }: { documents: number; bytes: number }): Measured {
  const highest = (of: (usage: Usage) => number | null) => {
    const known = rounds.flatMap(({ usage }) => of(usage) ?? []);
    return known.length === 0 ? null : Math.max(...known);
  };
  const server = rounds.flatMap(({ usage }) => usage.serverCpuSeconds ?? []);
  return {
    seconds: median(rounds.map(({ seconds }) => seconds)),
    rounds: rounds.map(({ seconds }) => seconds),
    documents,
    bytes,
    cpuSeconds: median(rounds.map(({ usage }) => usage.cpuSeconds)),
    rssBytesMax: highest((usage) => usage.rssBytesMax) ?? 0,
    childrenRssBytesMax: highest((usage) => usage.childrenRssBytesMax) ?? 0,
    serverCpuSeconds: server.length === 0 ? null : median(server),
    serverBytesMax: highest((usage) => usage.serverBytesMax),
  };
}
