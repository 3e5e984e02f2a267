/** Seeded random values of every BSON type that js-bson reads and writes without loss. */
import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';

export interface Random {
  /** Whole, from 0 to below `limit`. */
  below(limit: number): number;
}

/** A new seed each run, printed; `SEED` repeats a run. */
export function seedOfRun(): number {
  const { SEED } = process.env;
  const seed = SEED === undefined ? Date.now() % 1_000_000 : Number(SEED);
  console.log(`seed ${seed}`);
  return seed;
}

/** The mulberry32 generator. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
    },
  };
}

const pieces = ['a', 'ž', '漢', '🙂', '"', '\\', '\n', '\t', '\u0000', '\u0001', '\u007f', '\\N', '\\.', ' ', '$', '\u2028'];

export function randomText(random: Random): string {
  return Array.from({ length: random.below(12) }, () => pieces[random.below(pieces.length)]).join('');
}

function randomBytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.below(256)));
}

function randomLong(random: Random): Long {
  return Long.fromBits(random.below(2 ** 32) | 0, random.below(2 ** 32) | 0);
}

const scalars: readonly ((random: Random) => unknown)[] = [
  (random) => new Double((random.below(2 ** 32) - 2 ** 31) / (1 + random.below(1000))),
  (random) => new Double([5e-324, 1.7976931348623157e308, 1e21, 0.1, Number.NaN, Number.POSITIVE_INFINITY][random.below(6)] ?? 0),
  randomText,
  (random) => new Binary(randomBytes(random, random.below(20)), [0, 1, 3, 5, 128][random.below(5)]),
  (random) => new Binary(randomBytes(random, 16), 4),
  (random) => new ObjectId(randomBytes(random, 12)),
  (random) => random.below(2) === 1,
  (random) => new Date(random.below(2 ** 32) * 1000 - 4e11 + random.below(2) * random.below(1000)),
  () => null,
  (random) => new BSONRegExp(randomText(random).replaceAll('\u0000', ''), 'im'),
  (random) => new Code(randomText(random)),
  (random) => new BSONSymbol(randomText(random)),
  (random) => new Int32(random.below(2 ** 32) | 0),
  (random) => new Timestamp({ t: random.below(2 ** 32), i: random.below(2 ** 32) }),
  randomLong,
  (random) => Decimal128.fromString(`${random.below(2 ** 31)}E${random.below(200) - 100}`),
  () => new MinKey(),
  () => new MaxKey(),
];

export function randomValue(random: Random, depth = 0): unknown {
  const kind = random.below(scalars.length + (depth < 5 ? 4 : 0));
  const scalar = scalars[kind];
  if (scalar !== undefined) return scalar(random);
  if (kind % 2 === 0) return Array.from({ length: random.below(5) }, () => randomValue(random, depth + 1));
  return randomDocument(random, depth + 1);
}

export function randomDocument(random: Random, depth = 0): Record<string, unknown> {
  const count = random.below(6);
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      // No key that js-bson itself would read as Extended JSON or as a DBRef.
      `${index}${randomText(random).replaceAll('\u0000', '')}`,
      randomValue(random, depth),
    ]),
  );
}
