import * as assert from 'uvu/assert';
import { bytes, count, counted, duration, moment, percent, printable, shortened, wrapped } from '../../../src/report/format.ts';
import { suite } from '../../support/suite.ts';

const test = suite('report/format');

test('numbers are grouped', () => {
  assert.is(count(1234567), '1,234,567');
  assert.is(counted(1, 'document'), '1 document');
  assert.is(counted(0, 'document'), '0 documents');
});

test('a percentage is 100 only when all is done, and 0 only when nothing is', () => {
  assert.equal([0, 0.0001, 0.5, 0.9999, 1].map(percent), ['0 %', '1 %', '50 %', '99 %', '100 %']);
});

test('durations change their unit without a gap', () => {
  assert.equal([0, 9.94, 9.96, 59.4, 59.6, 65, 3599.4, 3599.6, 7620].map(duration), [
    '0.0 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 00 s',
    '1 min 05 s',
    '59 min 59 s',
    '1 h 00 min',
    '2 h 07 min',
  ]);
});

test('bytes are in decimal units', () => {
  assert.equal([0, 999, 1000, 1500000, 370_000_000, 2e13].map(bytes), ['0 B', '999 B', '1.0 kB', '1.5 MB', '370 MB', '20.0 TB']);
});

test('a time is in UTC to the second', () => assert.is(moment('2026-01-31T09:45:00.123Z'), '2026-01-31 09:45:00 UTC'));

test('control characters and marks of direction are in sight', () => {
  assert.is(printable('a\u001b[31mb\u0000\n\u202eexe\u2028\ud800é字'), 'a\\u001b[31mb\\u0000\\u000a\\u202eexe\\u2028\\ud800é字');
});

test('what is too long is cut with a sign', () => {
  assert.is(shortened('abcdef', 6), 'abcdef');
  assert.is(shortened('abcdefg', 6), 'abcde…');
});

test('text is wrapped at words, and a long word is cut', () => {
  assert.equal(wrapped('one two three', 7), ['one two', 'three']);
  assert.equal(wrapped('abcdefghij', 5), ['abcd…']);
  assert.equal(wrapped('', 5), []);
});

test.run();
