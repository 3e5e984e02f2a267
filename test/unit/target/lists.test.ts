/** Lists as parameters: a cast from text to an array is not constant to PostgreSQL, which would parse the list for each row of a scan. */
import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('lists as parameters');
const root = new URL('../../../src/', import.meta.url);

test('no statement compares with a parameter that is cast to an array: it is taken apart once, by unnest', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  assert.ok(files.length > 100, `${files.length} files`);
  const compared = /\b(any|all|some)\s*\(\s*\$\d+::text::/i;
  assert.equal(
    files.filter((file) => compared.test(readFileSync(new URL(file, root), 'utf8').replaceAll(/^\s*(\*|\/\/).*$/gm, ''))),
    [],
  );
});

test.run();
