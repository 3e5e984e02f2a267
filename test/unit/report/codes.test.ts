import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { adviceFor } from '../../../src/report/advice.ts';
import { changeCodes, codes, noteCodes, rejectCodes, validationCodes } from '../../../src/report/codes.ts';
import { suite } from '../../support/suite.ts';

const test = suite('report/codes');
const root = new URL('../../../', import.meta.url);
const headings = [...readFileSync(new URL('docs/errors.md', root), 'utf8').matchAll(/^### (.+)$/gm)].map(
  ([, heading]) => heading ?? '',
);

/** What is thrown: the literal after `code:`, and literals of the families of failures, as helpers take them. */
const thrown =
  /code: '([A-Z]+_[A-Z_]+|BUG|LOCKED|INTERRUPTED)'|'((?:SOURCE|TARGET|VOLUME|OTHER|NOTHING|SETTINGS|COMMAND)_[A-Z0-9_]+)'/g;

function codesInSource(): ReadonlySet<string> {
  const source = new URL('src/', root);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  assert.ok(files.length > 50, 'the source was found');
  return new Set(
    files.flatMap((file) => [...readFileSync(new URL(file, source), 'utf8').matchAll(thrown)].map(([, a, b]) => a ?? b ?? '')),
  );
}

/** The codes of a union of literals in a file of another room. */
function literalsOf(path: string): readonly string[] {
  const found = [...readFileSync(new URL(path, root), 'utf8').matchAll(/^ {2}\| '([A-Z_0-9]+)'|^ {2}([A-Z][A-Z_]+): \{/gm)].map(
    ([, a, b]) => a ?? b ?? '',
  );
  assert.ok(found.length > 10, `${path} has codes`);
  return found;
}

test('the codes of the conversions are all here', () => {
  // The table of conversions: 7 that reject, 26 that change (INDEX_TOO_LARGE does both).
  assert.is(rejectCodes.length, 7);
  assert.is(changeCodes.length, 26);
  for (const code of literalsOf('src/convert/codes.ts'))
    assert.ok([...changeCodes, ...rejectCodes].includes(code as never), code);
});

test('the codes of validation are all here', () => {
  for (const code of literalsOf('src/validate/finding-texts.ts')) assert.ok(validationCodes.includes(code as never), code);
  assert.is(noteCodes.length, 3);
});

test('every code has advice: a sentence and a next step', () => {
  for (const code of codes) {
    const { what, next } = adviceFor(code);
    assert.match(what, /^.{15,}\.$/, code);
    assert.match(next, /^.{5,}[.]$/, code);
  }
});

test('an unknown code has advice too', () => assert.match(adviceFor('OF_A_LATER_VERSION').next, /docs\/errors\.md/));

test('every code has its heading in docs/errors.md, once', () => {
  for (const code of codes) assert.is(headings.filter((heading) => heading === code).length, 1, code);
});

test('every failure that the source throws has its heading', () => {
  for (const code of codesInSource()) assert.ok(headings.includes(code), `docs/errors.md has no heading ${code}`);
});

test('every heading is a code that exists', () => {
  const known = codesInSource();
  for (const heading of headings)
    assert.ok((codes as readonly string[]).includes(heading) || known.has(heading), `${heading} is no code any more`);
});

test('every heading says what it means and what to do', () => {
  const sections = readFileSync(new URL('docs/errors.md', root), 'utf8').split(/^### /m).slice(1);
  assert.is(sections.length, headings.length);
  for (const section of sections) assert.match(section, /\*\*Means\*\* .{10,}[\s\S]*\*\*Do\*\* .{5,}/, section.split('\n')[0]);
});

test.run();
