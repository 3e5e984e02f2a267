/** The forms of an amount in docs/decisions/conversion.md are those of the scenario, which the program is run on, and so are their results. */
import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('amounts in the documents');
const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

interface Source {
  readonly crm_Opportunities: readonly { readonly _id: { readonly $oid: string }; readonly budget: string }[];
}
interface Expected {
  readonly rows: { readonly crm_Opportunities: readonly { readonly id: string; readonly budget: string }[] };
  readonly changes: readonly (readonly [collection: string, sourceId: string, field: string, code: string, original: string])[];
}

test('each form stands in the table with its result', async () => {
  const source = JSON.parse(await read('test/scenarios/amounts-as-text/source.json')) as Source;
  const { rows, changes } = JSON.parse(await read('test/scenarios/amounts-as-text/expected.json')) as Expected;
  const expected = source.crm_Opportunities.map(({ _id: { $oid }, budget }) => {
    const codes = changes.filter(([, id, field]) => id === $oid && field === 'budget').map(([, , , code]) => code);
    const row = rows.crm_Opportunities.find(({ id }) => id.endsWith(`${$oid.slice(-6)}000000`));
    const result = codes.includes('DEFAULTED')
      ? 'default'
      : codes.includes('ROUNDED')
        ? `${row?.budget} (\`ROUNDED\`)`
        : row?.budget;
    return `${JSON.stringify(budget)}: ${result}`;
  });
  const page = await read('docs/decisions/conversion.md');
  const table = page.slice(page.indexOf('| amount | texts'), page.indexOf('- `BOOL_FROM_VALUE`'));
  const stated = [...table.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)].flatMap(([, result = '', texts = '']) =>
    [...texts.matchAll(/`("[^`]*")`/g)].map(
      ([, text = '']) => `${JSON.stringify(JSON.parse(text))}: ${result.startsWith('default') ? 'default' : result}`,
    ),
  );
  assert.ok(stated.length > 30);
  assert.equal(stated.sort(), expected.sort());
});

test.run();
