/** docs/conversions.md is made from the catalog, and names codes that exist. */
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { conversionsPage } from '../../../scripts/conversions-page/page.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { codes } from '../../../src/findings/codes.ts';
import { suite } from '../../support/suite.ts';

const test = suite('docs/conversions');
const page = readFileSync('docs/conversions.md', 'utf8');

test('it is what scripts/make-conversions-page writes', () => {
  assert.is(page, conversionsPage(nextcrm), 'run scripts/make-conversions-page');
});

test('every collection and every field is in it', () => {
  for (const { collection, columns, links } of nextcrm.collections) {
    const [, section = ''] = page.split(`\n### ${collection}\n`);
    for (const field of [...Object.keys(columns), ...Object.keys(links)])
      assert.ok(section.includes(`\`${field}\``), `${collection} ${field}`);
  }
});

test('every code that it names exists', () => {
  const named = new Set([...page.matchAll(/`([A-Z]+_[A-Z_0-9]+)`/g)].map(([, name = '']) => name));
  assert.ok(named.size > 20, 'codes were found');
  const labels = nextcrm.collections.flatMap(({ columns }) => Object.values(columns).flatMap(({ labels = [] }) => labels));
  for (const name of named) assert.ok((codes as readonly string[]).includes(name) || labels.includes(name), name);
});

test.run();
