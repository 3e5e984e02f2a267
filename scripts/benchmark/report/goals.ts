/** The goals, each beside the figure of the run: met or missed. */
import type { Pair, Results } from '../results.ts';

export interface Goal {
  readonly what: string;
  readonly goal: string;
  /** Null where it was not measured. */
  readonly figure: string | null;
  readonly met: boolean | null;
}

/** `limit`: at least (or at most) this much. */
interface Limit {
  readonly least?: number;
  readonly most?: number;
  readonly unit?: string;
  readonly digits?: number;
}

function goal(what: string, value: number | null | undefined, { least, most, unit = '', digits = 2 }: Limit): Goal {
  const text = least === undefined ? `≤ ${most}${unit}` : `≥ ${least}${unit}`;
  if (value === null || value === undefined || Number.isNaN(value)) return { what, goal: text, figure: null, met: null };
  const met = least === undefined ? value <= (most ?? Number.NaN) : value >= least;
  return { what, goal: text, figure: `${value.toFixed(digits)}${unit}`, met };
}

export const rate = ({ documents, seconds }: { documents: number; seconds: number }): number => documents / seconds;

const loadAgainstCopy = (pair: Pair | null) => pair && pair.copy.seconds / pair.load.seconds;

export function goalsOf({ accounts, mix, createMany, growth, startUp }: Results): readonly Goal[] {
  const step = (name: string) => mix?.steps[name] ?? Number.NaN;
  const restored = step('load') + step('link') + step('index');
  const limitWithIndexes = mix && mix.copy.seconds + mix.restore.seconds;
  const peaks = [accounts, mix].flatMap((pair) => (pair === null ? [] : [pair.whole.rssBytesMax]));
  const peak = Math.max(...peaks, ...growth.map(({ whole }) => whole.rssBytesMax)) / 1e6;
  const perDocument = (documents: number) => {
    const found = growth.find((each) => each.documents === documents);
    return found && 1 / rate(found.load);
  };
  const [small, large] = [perDocument(100_000), perDocument(1_000_000)];
  return [
    goal('(c) load of accounts: share of the rate of (a)', loadAgainstCopy(accounts), { least: 0.95 }),
    goal('(c) load of the whole mix: share of the rate of (a)', loadAgainstCopy(mix), { least: 0.85 }),
    goal("load, links, keys and indexes: times (a')", limitWithIndexes && restored / limitWithIndexes, { most: 1.25 }),
    goal('(d) whole run: times (c)', mix && mix.whole.seconds / mix.load.seconds, { most: 6 }),
    goal('validation: times (c)', mix && step('validate') / mix.load.seconds, { most: 5 }),
    goal('validation: documents/s', mix && mix.load.documents / step('validate'), { least: 15_000, digits: 0 }),
    goal('(c) load: times as fast as (e)', mix && createMany && rate(mix.load) / rate(createMany), { least: 25, digits: 1 }),
    goal('peak memory (RSS) of our process', Number.isFinite(peak) ? peak : null, { most: 200, unit: ' MB', digits: 0 }),
    goal('load, time for a document: 1,000,000 against 100,000 documents', small && large && large / small, { most: 1.1 }),
    goal('from the start to the first batch, fresh target', startUp?.fresh, { most: 4, unit: ' s' }),
    goal('from the start to the first batch, on resume', startUp?.resume, { most: 1.5, unit: ' s' }),
    goal('the same command on a finished target', startUp?.noop, { most: 2, unit: ' s' }),
  ];
}
