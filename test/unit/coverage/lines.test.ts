import * as assert from 'uvu/assert';
import { coveredLines, merged } from '../../../scripts/coverage-report/lines.ts';
import { suite } from '../../support/suite.ts';

const test = suite('coverage: lines');

const text = [
  'import a from "a";',
  '/** What',
  ' * it does. */',
  'function f(x) {',
  '  if (x) {',
  '    g();',
  '  }',
  '}',
  'f(0);',
].join('\n');
const all = { startOffset: 0, endOffset: text.length, count: 1 };
const inside = { startOffset: text.indexOf('{\n    g'), endOffset: text.indexOf('  }') + 3, count: 0 };

test('a line of a block that did not run is not covered, comments and brackets do not count', () => {
  const lines = coveredLines(text, {
    functions: [
      { ranges: [all] },
      { ranges: [{ ...all, startOffset: text.indexOf('function'), endOffset: text.indexOf('\nf(0)') }, inside] },
    ],
  });
  assert.equal(lines, [null, null, null, true, true, false, null, null, true]);
});

test('a type is no code', () => {
  const lines = coveredLines('interface A {\n  readonly b: string;\n}\nconst c: A = d;\nexport type { A };\n', { functions: [] });
  assert.equal(lines, [null, null, null, false, null, null]);
});

test('a file that was not loaded is not covered at all', () => {
  assert.equal(coveredLines(text, { functions: [] }), [null, null, null, false, false, false, null, null, false]);
});

test('a line ran if it ran in one process', () =>
  assert.equal(merged([null, true, false, false], [null, false, true, false]), [null, true, true, false]));

test.run();
