/** The image's entry point, with a stand-in for the program that records how it was called. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('entrypoint.sh');
const text = readFileSync('entrypoint.sh', 'utf8');

function call(args: readonly string[], body: string): { readonly output: string; readonly status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'nextcrm-test-'));
  try {
    const main = join(folder, 'main.js');
    writeFileSync(main, `#!/bin/sh\n${body}\n`);
    chmodSync(main, 0o755);
    const script = join(folder, 'entrypoint.sh');
    writeFileSync(script, text.replace('/app/build/main.js', main));
    const { status, stdout, stderr } = spawnSync('sh', [script, ...args], { encoding: 'utf8' });
    return { output: stdout + stderr, status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('becomes the program with the arguments as they are', () => {
  assert.is(call(['accept', 'an ID', ''], 'printf "<%s>" "$@"').output, '<accept><an ID><>');
});

test('ends as the program ends', () => assert.is(call([], 'exit 6').status, 6));

// Whatever a shell does with a URL may end on a command line, which every user of the machine can read.
test('reads no setting', () => assert.not.match(text, /URL/));

test.run();
