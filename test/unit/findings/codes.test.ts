import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { errorsPage } from '../../../scripts/errors-page/page.ts';
import { adviceFor } from '../../../src/findings/advice.ts';
import { changeCodes, checkCodes, codes, noteCodes, rejectCodes } from '../../../src/findings/codes.ts';
import { failureTexts } from '../../../src/findings/texts/failures.ts';
import { suite } from '../../support/suite.ts';

const test = suite('findings/codes');
const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/errors.md', root), 'utf8');
const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading ?? '');

/** What is thrown: the literal after `code:`, and literals of the families of failures, as helpers take them. */
const thrown =
  /code: '([A-Z]+_[A-Z_]+|BUG|LOCKED|INTERRUPTED)'|'((?:SOURCE|TARGET|VOLUME|OTHER|NOTHING|SETTINGS|COMMAND)_[A-Z0-9_]+)'/g;

/** What the program says, the texts of the codes left out. */
const source = sourceOf(new URL('src/', root));

function sourceOf(folder: URL): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  assert.ok(files.length > 50, 'the source was found');
  const others = files.filter((file) => !file.startsWith('findings/'));
  return others.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
}

/** The codes of a union of literals in a file of another folder. */
function literalsOf(path: string): readonly string[] {
  const found = [...readFileSync(new URL(path, root), 'utf8').matchAll(/^ {2}\| '([A-Z_0-9]+)'/gm)].map(([, code]) => code ?? '');
  assert.ok(found.length > 10, `${path} has codes`);
  return found;
}

test('the codes of the conversions are all here', () => {
  // The table of conversions: 7 that reject, 33 that change (INDEX_TOO_LARGE does both).
  assert.is(rejectCodes.length, 7);
  assert.is(changeCodes.length, 33);
  for (const code of literalsOf('src/convert/codes.ts'))
    assert.ok([...changeCodes, ...rejectCodes].includes(code as never), code);
});

test('the checks and notes are all here', () => {
  assert.ok(checkCodes.length >= 23);
  assert.is(noteCodes.length, 19);
});

test('every code has a cause and an action, without Markdown', () => {
  for (const code of codes) {
    const { what, next } = adviceFor(code);
    assert.match(what, /^.{15,}\.$/, code);
    assert.match(next, /^.{5,}[.]$/, code);
    assert.not.match(what + next, /`/, code);
  }
});

test('an unknown code has advice too', () => assert.match(adviceFor('OF_A_LATER_VERSION').next, /docs\/errors\.md/));

test('docs/errors.md is what scripts/make-errors-page writes', () => {
  assert.is(page, errorsPage(), 'run scripts/make-errors-page');
});

test('every code has its heading in docs/errors.md, once', () => {
  for (const code of [...codes, ...Object.keys(failureTexts)])
    assert.is(headings.filter((heading) => heading === code).length, 1, code);
});

test('every failure that the source throws has its heading', () => {
  const codesThrown = [...source.matchAll(thrown)].map(([, a, b]) => a ?? b ?? '');
  assert.ok(codesThrown.length > 50, 'codes were found');
  for (const code of codesThrown) assert.ok(headings.includes(code), `docs/errors.md has no heading ${code}`);
});

test('every heading is a code that is used', () => {
  for (const heading of headings) assert.match(source, new RegExp(`['"]${heading}['"]`), `${heading} is no code any more`);
});

test('every section has a cause and an action', () => {
  const sections = page.split(/^### /m).slice(1);
  assert.is(sections.length, headings.length);
  for (const section of sections)
    assert.match(section, /\*\*Cause:\*\* .{10,}[\s\S]*\*\*Action:\*\* .{5,}/, section.split('\n')[0]);
});

test.run();
