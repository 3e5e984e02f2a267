/** The goals, each beside the figure of the run: met or missed. */
import { floorRounds, type Measured, median, type Pair, type Results, sizesOf, stepRounds, timesAsLong } from '../results.ts';

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

/** `a` against `b`, which may have measured another number of documents. */
const rateAgainst = (a: Measured, b: Measured) => (timesAsLong(b.rounds, a.rounds) * a.documents) / b.documents;

const loadAgainstCopy = (pair: Pair | null) => pair && rateAgainst(pair.load, pair.copy);

/** The whole run, and how long it may take beside PostgreSQL's own COPY, keys and indexes of the same rows. */
export const timesFloor = (pair: Pair): number => timesAsLong(pair.whole.rounds, floorRounds(pair));
export const boundSeconds = (pair: Pair): number => 2 * median(floorRounds(pair)) + 3;

const floorGoal = (documents: string, pair: Pair | undefined): Goal =>
  goal(
    `(d) whole run of ${documents} documents: times what twice (a') and 3 s are`,
    pair && pair.whole.seconds / boundSeconds(pair),
    {
      most: 1,
    },
  );

const loadGrowth = (small: Pair | undefined, large: Pair | undefined) =>
  small && large && 1 / rateAgainst(large.load, small.load);

export function goalsOf(results: Results): readonly Goal[] {
  const { accounts, mix, createMany, startUp } = results;
  const sizes = sizesOf(results);
  const restored = mix && timesAsLong(stepRounds(mix, 'load', 'link', 'index'), floorRounds(mix));
  const measuredPairs = [...sizes, ...(accounts === null ? [] : [accounts])];
  const peak = Math.max(...measuredPairs.map(({ whole }) => whole.rssBytesMax)) / 1e6;
  const [tenThousand, hundredThousand, million, tenMillion] = [10_000, 100_000, 1_000_000, 10_000_000].map((documents) =>
    sizes.find(({ whole }) => whole.documents === documents),
  );
  return [
    goal('(d) whole run of 10,000 documents', tenThousand?.whole.seconds, { most: 3.5, unit: ' s' }),
    floorGoal('100,000', hundredThousand),
    floorGoal('1,000,000', million),
    goal(
      'times the floor, 10,000,000 against 1,000,000 documents',
      tenMillion && million && timesFloor(tenMillion) / timesFloor(million),
      {
        most: 1.1,
      },
    ),
    goal('(c) load of accounts: share of the rate of (a)', loadAgainstCopy(accounts), { least: 0.95 }),
    goal('(c) load of the whole mix: share of the rate of (a)', loadAgainstCopy(mix), { least: 0.85 }),
    goal("load, links, keys and indexes: times (a')", restored, { most: 1.25 }),
    goal('(d) whole run: times (c)', mix && timesAsLong(mix.whole.rounds, mix.load.rounds), { most: 6 }),
    goal('(c) load: times as fast as (e)', mix && createMany && rateAgainst(mix.load, createMany), { least: 25, digits: 1 }),
    goal('peak memory (RSS) of our process', Number.isFinite(peak) ? peak : null, { most: 200, unit: ' MB', digits: 0 }),
    goal('load, time for a document: 1,000,000 against 100,000 documents', loadGrowth(hundredThousand, million), {
      most: 1.1,
    }),
    goal('from the start to the first batch, fresh target', startUp?.fresh, { most: 4, unit: ' s' }),
    goal('from the start to the first batch, on resume', startUp?.resume, { most: 1.5, unit: ' s' }),
    goal('the same command on a finished target', startUp?.noop, { most: 2, unit: ' s' }),
  ];
}
