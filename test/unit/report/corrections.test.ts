import { EJSON, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { correctionOf } from '../../../src/report/corrections.ts';
import { suite } from '../../support/suite.ts';
import { withFindings } from './samples.ts';

const test = suite('report/corrections');
const [finding] = withFindings.findings;
if (finding === undefined) throw new Error('the sample has findings');

/** What mongosh would be asked to do. */
function called(statement: string): readonly unknown[] {
  const calls: unknown[] = [];
  const db = { getCollection: (name: string) => ({ updateOne: (...args: unknown[]) => calls.push(name, ...args) }) };
  new Function('db', 'ObjectId', 'EJSON', 'VALUE', statement)(db, (hex: string) => new ObjectId(hex), EJSON, 'corrected');
  return calls;
}

const statementOf = (part: Partial<typeof finding>) => correctionOf({ ...finding, ...part }) ?? '';

test('it sets the field of the document, and leaves the value to the person', () => {
  assert.is(
    statementOf({}),
    'db.getCollection("Users").updateOne({ _id: ObjectId("64f1a2b3c4d5e6f708192a3b") }, { $set: { "email": VALUE } })',
  );
});

test('it finds an _id of every type', () => {
  for (const id of ['text', '64f1a2b3c4d5e6f708192a3b', 7, { a: 1 }]) {
    const [, filter] = called(statementOf({ sourceIds: [EJSON.stringify(id, { relaxed: false })] }));
    assert.equal(filter, { _id: id });
  }
});

test('names and ids cannot leave their quotes', () => {
  const hostile = `x"'\`); db.dropDatabase(); (\u2028\n`;
  const field = hostile.replaceAll('.', '');
  const calls = called(statementOf({ collection: hostile, field, sourceIds: [JSON.stringify(hostile)] }));
  assert.equal(calls, [hostile, { _id: hostile }, { $set: { [field]: 'corrected' } }]);
});

test('there is none where a new value of one field does not help, or cannot be set', () => {
  for (const part of [
    { code: 'DUPLICATE_ID' },
    { code: 'FIELD_DIFFERS', layer: 'records' },
    { field: 'a.b' },
    { field: '$where' },
    { field: null },
    { sourceIds: [] },
    { sourceIds: ['x'.repeat(200)] },
  ] as const)
    assert.is(statementOf(part), '', JSON.stringify(part));
});

test.run();
