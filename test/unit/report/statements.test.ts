import { EJSON, Long, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { specOf } from '../../../src/catalog/index.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { parseCorrection } from '../../../src/convert/correction.ts';
import type { Finding } from '../../../src/findings/finding.ts';
import { statementsFor } from '../../../src/report/statements.ts';
import { suite } from '../../support/suite.ts';
import { withFindings } from './samples.ts';

const test = suite('report/statements');
const [sample] = withFindings.findings;
if (sample === undefined) throw new Error('the sample has findings');

const id = '64f1a2b3c4d5e6f708192a3b';
const finding = (code: Finding['code'], collection: string, field: string, part: Partial<Finding> = {}): Finding => ({
  ...sample,
  layer: 'load',
  code,
  collection,
  field,
  count: 1,
  sourceIds: [id],
  ...part,
});
const correctionOf = (...of: Parameters<typeof finding>) => statementsFor(finding(...of), nextcrm, 'dump').correction;
const mongoshOf = (...of: Parameters<typeof finding>) => statementsFor(finding(...of), nextcrm, 'server').mongosh;

/** What mongosh would be asked to do. */
function called(line: string): readonly unknown[] {
  const calls: unknown[] = [];
  const db = { getCollection: (name: string) => ({ updateMany: (...args: unknown[]) => calls.push(name, ...args) }) };
  const date = (text: string) => {
    if (Number.isNaN(Date.parse(text))) throw new TypeError('not a date');
  };
  new Function('db', 'ObjectId', 'EJSON', 'ISODate', line)(db, (hex: string) => new ObjectId(hex), EJSON, date);
  return calls;
}

test('a statement names every document of the finding, of a unique value one', () => {
  assert.is(
    correctionOf('MISSING_REQUIRED', 'crm_Contacts', 'last_name'),
    `update nextcrm_migration.reject set correction = '{"last_name": "…"}' where collection = 'crm_Contacts' and code = 'MISSING_REQUIRED' and field = 'last_name';`,
  );
  assert.is(
    correctionOf('DUPLICATE_KEY', 'Users', 'email', { count: 2, sourceIds: [id, 'b'] }),
    `-- One statement for each source_id.\nupdate nextcrm_migration.reject set correction = '{"email": "…"}' where collection = 'Users' and code = 'DUPLICATE_KEY' and field = 'email' and source_id = '${id}';`,
  );
});

test('a statement that is used as it was printed is applied by nobody', () => {
  for (const [collection, field] of [
    ['Tasks', 'position'],
    ['Tasks', 'title'],
    ['Boards', 'user'],
    ['Invoices', 'date_created'],
    ['crm_Contracts', 'status'],
    ['Users', null],
  ] as const) {
    const of = finding('SERVER_REFUSED', collection, '', { field });
    const { correction, mongosh } = statementsFor(of, nextcrm, 'server');
    const patch = /set correction = '(.*?)' where/.exec(correction ?? '')?.[1];
    const spec = specOf(nextcrm, collection);
    assert.ok(spec !== undefined && patch?.includes('…') && 'problem' in parseCorrection(patch, spec), correction ?? '');
    assert.throws(() => called(mongosh ?? ''), undefined, mongosh ?? '');
  }
});

test('where PostgreSQL named no column, the person names the field', () => {
  assert.is(
    statementsFor(finding('SERVER_REFUSED', 'Tasks', '', { field: null }), nextcrm, 'dump').correction,
    `-- The column reason says what PostgreSQL refused: name the field, and give it a value in JSON.\nupdate nextcrm_migration.reject set correction = '{"…": …}' where collection = 'Tasks' and code = 'SERVER_REFUSED' and field is null;`,
  );
  assert.is(
    statementsFor(finding('SERVER_REFUSED', 'Tasks', '', { field: null }), nextcrm, 'server').mongosh,
    `db.getCollection("Tasks").updateMany({ _id: { $in: [ObjectId("${id}")] } }, { $set: { …: … } })`,
  );
});

test('for mongosh, an _id of every type is found, exactly, and none can leave its quotes', () => {
  const hostile = `x"'\`); db.dropDatabase(); (\u2028\n`;
  for (const sourceId of [{ a: 1 }, hostile, id, Long.MAX_VALUE, { ['__proto__']: 1 }]) {
    const text = EJSON.stringify(sourceId, { relaxed: false });
    const [name, filter, change] = called(
      (mongoshOf('DUPLICATE_KEY', 'Users', 'email', { sourceIds: [text] }) ?? '').replace('…', '"n"'),
    );
    assert.is(name, 'Users');
    assert.is(EJSON.stringify(filter, { relaxed: false }), `{"_id":{"$in":[${text}]}}`);
    assert.equal(change, { $set: { email: 'n' } });
  }
});

test('for mongosh, a missing value is found by itself, an empty text in place of a number by its document', () => {
  assert.is(
    mongoshOf('MISSING_REQUIRED', 'crm_Contacts', 'last_name'),
    'db.getCollection("crm_Contacts").updateMany({ "last_name": null }, { $set: { "last_name": … } }) // the text in quotation marks',
  );
  assert.is(
    mongoshOf('MISSING_REQUIRED', 'Tasks', 'position', { count: 30 }),
    `db.getCollection("Tasks").updateMany({ _id: { $in: [ObjectId("${id}")] } }, { $set: { "position": … } }) // 1 of 30 documents`,
  );
});

test('for mongosh, it is said that documents may stand in the collection of a former name', () => {
  assert.match(mongoshOf('MISSING_REQUIRED', 'crm_campaigns', 'name') ?? '', '; what an older release kept: in "crm_campains"');
});

test('from a dump there is none for mongosh, and where no new value helps there is none at all', () => {
  assert.is(statementsFor(finding('MISSING_REQUIRED', 'crm_Contacts', 'last_name'), nextcrm, 'dump').mongosh, null);
  for (const part of [{ code: 'DUPLICATE_ID' }, { field: '_id' }, { layer: 'records' }, { collection: 'Unknown' }] as const)
    assert.equal(statementsFor({ ...finding('MISSING_REQUIRED', 'Users', 'email'), ...part }, nextcrm, 'server'), {
      correction: null,
      mongosh: null,
    });
});

test.run();
