/** The ledger's tables are written to in one room, and the codes of its records are replaced by one table of data. */
import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { changeCodes } from '../../../src/findings/codes.ts';
import { codesBefore, type LaterCode, transitions } from '../../../src/ledger/transitions.ts';
import { suite } from '../../support/suite.ts';

const test = suite('ledger: one module');
const root = new URL('../../../', import.meta.url);

/** The ledger itself, generated code, and statements that are shown to people and never run. */
const others = ['ledger/', 'prisma/client/', 'findings/texts/', 'report/'];

test('no other room writes to change, leftover, reject or id_map, but for the step that fills the map', () => {
  const source = new URL('src/', root);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !others.some((folder) => file.startsWith(folder)),
  );
  assert.ok(files.length > 200, 'the source was found');
  const written = /\b(insert into|update|delete from|truncate)\s+\$\{stateSchema\}\.(change|leftover|reject|id_map|\$\{)/;
  const writers = files.filter((file) => written.test(readFileSync(new URL(file, source), 'utf8')));
  // The map of ids is filled by the step that needs it whole.
  assert.equal(writers.sort(), ['steps/resolve/id-map.ts']);
});

test('what a code may become is a code of changes, and none may become a code of the load that is replaced itself for another reason', () => {
  for (const [before, later] of Object.entries(transitions))
    for (const code of [before, ...later]) assert.ok((changeCodes as readonly string[]).includes(code), code);
  assert.equal(codesBefore('ID_HASHED'), ['ID_FROM_STRING']);
});

test('no code leads back to itself', () => {
  const later = (code: string): readonly string[] => (code in transitions ? transitions[code as keyof typeof transitions] : []);
  for (const start of Object.keys(transitions)) {
    const reached = new Set<string>();
    for (
      let next = [...later(start)];
      next.length > 0;
      next = next.flatMap((code) => [...later(code)]).filter((code) => !reached.has(code))
    )
      for (const code of next) reached.add(code);
    assert.not.ok(reached.has(start), start);
  }
});

test('docs/errors.md shows the table', () => {
  const page = readFileSync(new URL('docs/errors.md', root), 'utf8');
  for (const [before, later] of Object.entries(transitions))
    assert.ok(page.includes(`| \`${before}\` | ${later.map((code: LaterCode) => `\`${code}\``).join(', ')} |`), before);
});

test.run();
