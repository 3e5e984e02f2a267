import * as assert from 'uvu/assert';
import { isoDate, millisecondsOf } from '../../../src/bson/iso-date.ts';
import { seeded, seedOfRun } from '../../support/random-bson.ts';
import { suite } from '../../support/suite.ts';

const test = suite('bson: ISO dates');

test('within the range of JavaScript, the text is that of Date', () => {
  const seed = seedOfRun();
  const random = seeded(seed);
  const limit = 8_640_000_000_000_000;
  for (let round = 0; round < 5000; round++) {
    const value = (random.below(2) * 2 - 1) * (random.below(limit / 2 ** 20) * 2 ** 20 + random.below(2 ** 20));
    const date = new Date(value);
    assert.is(isoDate(BigInt(value)), date.toISOString(), `seed ${seed}`);
    const timeMs = ((value % 86_400_000) + 86_400_000) % 86_400_000;
    assert.is(millisecondsOf(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), timeMs), BigInt(value));
  }
});

test('beyond it, years continue', () => {
  assert.is(isoDate(8_640_000_000_000_001n), '+275760-09-13T00:00:00.001Z');
  assert.is(isoDate(2n ** 63n - 1n), '+292278994-08-17T07:12:55.807Z');
  assert.is(isoDate(-(2n ** 63n)), '-292275055-05-16T16:47:04.192Z');
});

test.run();
