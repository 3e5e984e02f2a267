import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
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

test('a statement without a value is refused where the value is no text', () => {
  for (const [collection, field] of [
    ['Tasks', 'position'],
    ['Boards', 'user'],
  ] as const)
    assert.match(correctionOf('UNCONVERTIBLE_REQUIRED', collection, field) ?? '', /: (…|\{"\$oid": "…"\})\}'/);
});

test('for mongosh, a missing value is found by itself, an empty text in place of a number by its document', () => {
  assert.is(
    mongoshOf('MISSING_REQUIRED', 'crm_Contacts', 'last_name'),
    'db.getCollection("crm_Contacts").updateMany({ "last_name": null }, { $set: { "last_name": "…" } })',
  );
  assert.is(
    mongoshOf('MISSING_REQUIRED', 'Tasks', 'position', { count: 30 }),
    `db.getCollection("Tasks").updateMany({ _id: { $in: [ObjectId("${id}")] } }, { $set: { "position": … } }) // 1 of 30 documents`,
  );
});

test('for mongosh, it is said that documents may stand in the collection of a former name', () => {
  assert.match(mongoshOf('MISSING_REQUIRED', 'crm_campaigns', 'name') ?? '', '// what an older release kept: in "crm_campains"');
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
