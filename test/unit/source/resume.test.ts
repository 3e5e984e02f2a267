import { Decimal128, Double, Long, MaxKey, MinKey, ObjectId, serialize } from 'bson';
import * as assert from 'uvu/assert';
import { decodePosition, encodePosition, exactValue, filterAfter, rawIdOf } from '../../../src/source/server/resume.ts';
import { suite } from '../../support/suite.ts';

const test = suite('resume');

const rawId = (id: unknown) => Buffer.from(serialize({ _id: id }, { ignoreUndefined: false }));
const later = (id: unknown): readonly string[] => {
  const filter = filterAfter(rawId(id));
  return filter === null || filter === 'nothing' ? [] : (filter['$or'].at(-1)._id.$type ?? []);
};

test('after an ObjectId come greater ObjectIds and the types behind, in the order of the manual', () => {
  const id = new ObjectId();
  const filter = filterAfter(rawId(id));
  assert.ok(filter !== null && filter !== 'nothing');
  assert.ok(filter['$or'][0]._id.$gt.equals(id));
  assert.equal(later(id), ['bool', 'date', 'timestamp', 'regex', 'dbPointer', 'javascript', 'javascriptWithScope', 'maxKey']);
});

test('all types of numbers are one class', () => {
  const behind = later(1);
  for (const id of [new Double(1.5), Long.fromNumber(1), Decimal128.fromString('1')]) assert.equal(later(id), behind);
  for (const alias of ['int', 'long', 'double', 'decimal']) assert.not(behind.includes(alias));
  assert.is(behind[0], 'string');
});

test('after NaN come all other numbers', () => {
  for (const id of [new Double(Number.NaN), Decimal128.fromString('NaN')]) {
    const filter = filterAfter(rawId(id));
    assert.ok(filter !== null && filter !== 'nothing');
    assert.is(filter['$or'][0]._id.$gte.value, Number.NEGATIVE_INFINITY);
  }
});

test('types of one value have only the types behind them', () => {
  assert.is(later(null)[0], 'double');
  assert.is(later(new MinKey())[0], 'undefined');
  assert.is(filterAfter(rawId(new MaxKey())), 'nothing');
});

test('a date beyond JavaScript, text that is no UTF-8 and keys out of order are no values of the driver', () => {
  const date = rawId(new Date(0));
  date.writeBigInt64LE(9_000_000_000_000_000n, date.length - 9);
  const text = rawId('ab');
  text[text.length - 3] = 0xff;
  const keys = rawId(
    new Map([
      ['2', 'x'],
      ['1', 'y'],
    ]),
  );
  for (const raw of [date, text, keys]) {
    assert.is(exactValue(raw), null);
    assert.is(filterAfter(raw), null);
  }
  assert.ok(exactValue(rawId(new Date(0))) !== null);
});

test('the raw _id is found wherever it stands, and survives the position', () => {
  const document = serialize({ name: 'x', id: 1, _id: 'é', sub: { _id: 2 } });
  const after = rawIdOf(document);
  assert.ok(after?.equals(rawId('é')));
  assert.is(rawIdOf(serialize({ name: 'x' })), null);
  if (after !== null)
    assert.equal(decodePosition(encodePosition({ after, documents: 3, bytes: 99 })), { after, documents: 3, bytes: 99 });
});

test('a malformed position is a bug', () => {
  assert.throws(() => decodePosition('{"after":1}'), /malformed/);
});

test.run();
