/** The entry point: a program that cannot be loaded ends with 70, and says why. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('main');

for (const [what, program, expected] of [
  ['a missing module', "import './absent.ts';", /Error: Cannot find module '.*absent\.ts'/],
  ['a syntax error', 'const = 1;', /SyntaxError: /],
  ['a missing export', "import { absent } from 'node:fs';\nabsent();", /SyntaxError: .*'absent'/],
  ['an error at the top level of a module', 'undefinedName();', /ReferenceError: undefinedName is not defined/],
] as const) {
  test(`${what} ends with 70 and its cause`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'nextcrm-main-'));
    try {
      copyFileSync('src/main.ts', join(folder, 'main.ts'));
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      writeFileSync(join(folder, 'program.ts'), program);
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'main.ts')], { encoding: 'utf8' });
      assert.is(status, 70);
      assert.is(stdout, '');
      assert.match(stderr, /^nextcrm-migrate cannot start/);
      assert.match(stderr, expected);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

test.run();
