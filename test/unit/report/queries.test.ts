import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import type { Finding } from '../../../src/findings/finding.ts';
import { queryFor as queryOf } from '../../../src/report/queries.ts';
import { rejectLines } from '../../../src/report/rejects.ts';
import { suite } from '../../support/suite.ts';
import { withFindings } from './samples.ts';

const test = suite('report/queries');
const queryFor = (one: Finding) => queryOf(one, nextcrm);
const [finding] = withFindings.findings;
if (finding === undefined) throw new Error('the sample has findings');

test('a rejected document is found by collection, code and field', () => {
  assert.is(
    queryFor(finding),
    "select source_id, field, reason, document from nextcrm_migration.reject where collection = 'Users' and code = 'DUPLICATE_KEY' and field = 'email' order by source_id;",
  );
});

test('a differing row is found by the map of ids', () => {
  assert.is(
    queryFor({ ...finding, code: 'FIELD_DIFFERS', layer: 'records', count: 2, sourceIds: ['a', "b'c"] }),
    `select m.source_id, m.id, to_jsonb(t) -> 'email' as "email" from public."Users" t join nextcrm_migration.id_map m on m.id = t.id where m.collection = 'Users' and source_id in ('a', 'b''c') order by m.source_id;`,
  );
});

test('where a finding counts more than it names, its query says so', () => {
  const query = queryFor({ ...finding, code: 'FIELD_DIFFERS', layer: 'records', count: 45, sourceIds: ['a'] });
  assert.match(query ?? '', /^-- For the first 1 source ids; the finding counts 45\.\nselect /);
});

test('a link field is looked up in its junction table', () => {
  const lost = {
    ...finding,
    code: 'REFERENCE_LOST',
    layer: 'references',
    collection: 'crm_Accounts',
    field: 'watchers',
  } as const;
  assert.match(queryFor({ ...lost, sourceIds: [] }) ?? '', /left join public\."AccountWatchers" j on j\."account_id" = m\.id/);
});

test('names cannot leave their quotes', () => {
  const query = queryFor({
    ...finding,
    code: 'FIELD_DIFFERS',
    layer: 'records',
    collection: `x"'; drop`,
    field: `y"'; drop`,
    sourceIds: [],
  });
  assert.is(
    query,
    `select m.source_id, m.id, to_jsonb(t) -> 'y"''; drop' as "y""'; drop" from public."x""'; drop" t join nextcrm_migration.id_map m on m.id = t.id where m.collection = 'x"''; drop' order by m.source_id;`,
  );
});

test('what has no rows has no query', () => {
  assert.is(queryFor({ ...finding, code: 'CATALOG_DIFFERS', layer: 'types' }), null);
  assert.is(queryFor({ ...finding, collection: null }), null);
});

test('a line of rejects.jsonl holds four fields, and nothing else that its object may have', async () => {
  const row = { collection: 'Users', sourceId: 'a\n"b', code: 'DUPLICATE_KEY', field: null, document: 'CANARY' };
  const lines = await Array.fromAsync(rejectLines([row]));
  assert.equal(lines, ['{"collection":"Users","sourceId":"a\\n\\"b","code":"DUPLICATE_KEY","field":null}\n']);
});

test.run();
