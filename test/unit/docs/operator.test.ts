/** What the operator's guide says of faults: every exit code, and only codes that exist. */
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { exitCodes } from '../../../src/failure.ts';
import { suite } from '../../support/suite.ts';

const test = suite('docs/operator');
const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const whatIf = /^## What if …\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(read('docs/operator.md'))?.[1] ?? '';
const errors = read('docs/errors.md');

test('every exit code of a run that does not succeed is in "What if"', () => {
  for (const code of Object.values(exitCodes)) if (code !== 0) assert.match(whatIf, new RegExp(`exit code ${code}\\b`));
});

test('every exit code is in the table of the README, and no other', () => {
  const codes = [...read('README.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  assert.equal(codes, Object.values(exitCodes));
});

test('every code that "What if" names has its heading in docs/errors.md', () => {
  const named = new Set([...whatIf.matchAll(/`([A-Z]+(?:_[A-Z_]+)?)`/g)].map(([, code]) => code ?? ''));
  assert.ok(named.size > 25, 'codes were found');
  for (const code of named) assert.match(errors, new RegExp(`^### ${code}$`, 'm'), code);
});

test('every case says what is seen, what happened to the data and what to do', () => {
  const rows = whatIf.split('\n').filter((line) => /^\| [^-]/.test(line));
  assert.ok(rows.length > 25, 'cases were found');
  for (const row of rows) assert.match(row, /^(\| [^|]{4,} ){4}\|$/, row);
});

test.run();
