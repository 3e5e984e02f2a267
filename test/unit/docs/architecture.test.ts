/** The table of modules in docs/architecture.md has every folder of src/, and no other. */
import { readdirSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { read } from './documents.ts';

const test = suite('docs/architecture');

test('every folder of src/ is in the table of modules, once', () => {
  const [, table = ''] = /^## The modules\n([\s\S]*?)(?=^## )/m.exec(read('docs/architecture.md')) ?? [];
  const named = [...table.matchAll(/^\| `src\/([\w-]+)\/` \|/gm)].map(([, name = '']) => name);
  const folders = readdirSync('src', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  assert.equal(named.toSorted(), folders.toSorted());
});

test.run();
