import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as assert from 'uvu/assert';
import { beginPlainStep } from '../../../src/progress/plain.ts';
import type { Step } from '../../../src/progress/progress.ts';
import { runSteps } from '../../../src/progress/steps.ts';
import { suite } from '../../support/suite.ts';

const test = suite('progress/steps');
const wallClock = () => new Date('2026-01-31T09:45:00.500Z');
const idle = async () => undefined;

test('plain lines tell the begin and the end of each step, and notes at once', async () => {
  const lines: string[] = [];
  const steps: Step[] = [
    { name: 'check', title: 'Check the servers', run: async (progress) => progress.note('PostgreSQL 16.14') },
    { name: 'schema', title: 'Create schema', run: idle },
  ];
  await runSteps(steps, { terminal: false, write: (line) => lines.push(line), wallClock, clock: () => 7 });
  assert.equal(lines, [
    '2026-01-31T09:45:00Z [1/2] Check the servers',
    '2026-01-31T09:45:00Z [1/2] PostgreSQL 16.14',
    '2026-01-31T09:45:00Z [1/2] Check the servers: done in 0.0 s',
    '2026-01-31T09:45:00Z [2/2] Create schema',
    '2026-01-31T09:45:00Z [2/2] Create schema: done in 0.0 s',
  ]);
});

test('an error of a step is thrown unchanged, and the steps after it do not begin', async () => {
  const lines: string[] = [];
  const thrown = new TypeError('the very one');
  const begun: string[] = [];
  const steps: Step[] = [
    { name: 'check', title: 'one', run: async () => Promise.reject(thrown) },
    { name: 'schema', title: 'two', run: async () => void begun.push('two') },
  ];
  let caught: unknown;
  await runSteps(steps, { terminal: false, write: (line) => lines.push(line) }).catch((error: unknown) => {
    caught = error;
  });
  assert.is(caught, thrown);
  assert.equal(begun, []);
  assert.match(lines.at(-1) ?? '', /one: stopped after/);
});

test('each step that ended well is reported with its seconds', async () => {
  let now = 0;
  const reported: string[] = [];
  await runSteps(
    [
      {
        name: 'load',
        title: 'load',
        run: async () => {
          now += 4;
        },
      },
    ],
    {
      terminal: false,
      write: () => undefined,
      clock: () => now,
      ended: (step, seconds) => reported.push(`${step.name} ${seconds}`),
    },
  );
  assert.equal(reported, ['load 4']);
});

test('plain progress is at most a line in five seconds, none while nothing moves, and one after a long silence', () => {
  let now = 0;
  const lines: string[] = [];
  const step: Step = { name: 'load', title: 'Load', unit: 'documents', run: idle };
  const shown = beginPlainStep(step, '3/9', { write: (line) => lines.push(line.slice(21)), clock: () => now, wallClock });
  shown.tracker.begin('Users', 100, 0);
  for (; now < 60; now += 1) {
    if (now <= 12) shown.tracker.advance('Users', now * 5);
    shown.tick();
  }
  assert.equal(lines, [
    '[3/9] Load',
    '[3/9] Users: 25 % · 25 of 100 documents · 5/s · 15 s left',
    '[3/9] Users: 50 % · 50 of 100 documents · 5/s · 10 s left',
    '[3/9] Users: 60 % · 60 of 100 documents · 4/s · 10 s left',
    '[3/9] no progress for 30 s; waiting for Users',
  ]);
});

/** Of util-linux. */
const terminalProgram = ['script'].join();

/** A pseudo-terminal; its transcript goes through standard output. */
function onTerminal(
  program: string,
  size = 'rows 30 cols 100',
): { readonly text: string; readonly raw: string; readonly status: number | null } {
  const file = join(mkdtempSync(join(tmpdir(), 'terminal-')), 'program.ts');
  const here = (path: string) => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);
  writeFileSync(
    file,
    `import { runSteps } from ${here('progress/steps.ts')};\nimport { Failure } from ${here('failure.ts')};\n${program}`,
  );
  const { stdout, status } = spawnSync(terminalProgram, ['-qec', `stty ${size}; ${process.execPath} ${file}`, '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', CI: '' },
  });
  return { text: stripVTControlCharacters(stdout), raw: stdout, status };
}

const hasTerminal = spawnSync(terminalProgram, ['--version']).status === 0;
const terminalTest = test.unless(hasTerminal ? null : 'no "script" of util-linux');

terminalTest('a terminal shows each step, and under the running one where it is', () => {
  const { text, status } = onTerminal(`
    let now = 0;
    await runSteps([
      { name: 'load', title: 'Load documents', unit: 'documents', async run(progress) {
        progress.expect({ Users: 3, Tasks: 1 });
        progress.begin('Users', 8000, 0);
        now = 2;
        progress.advance('Users', 2000);
        progress.note('trying again');
        await new Promise((resolve) => setTimeout(resolve, 700));
      } },
      { name: 'link', title: 'Link', async run() {} },
    ], { terminal: true, write: () => undefined, clock: () => now });
    console.log('the end');`);
  assert.is(status, 0);
  assert.match(text, /Users: 25 % · 2,000 of 8,000 documents · 1,000\/s · 6\.0 s left/);
  assert.match(text, /total: 18 % · 8\.7 s left/);
  assert.match(text, /trying again/);
  assert.match(text, /Load documents \(2\.0 s\)/);
  assert.match(text, /Link \(0\.0 s\)[\s\S]*the end/);
});

terminalTest('a terminal without a size gets plain lines', () => {
  const { text } = onTerminal(
    `await runSteps([{ name: 'load', title: 'Load', async run() {} }], { terminal: true, write: (line) => console.log(line) });`,
    'rows 0 cols 0',
  );
  assert.match(text, /\[1\/1\] Load: done/);
});

terminalTest('an error on a terminal is thrown unchanged and not rendered', () => {
  const { text, status } = onTerminal(`
    const failure = new Failure({ code: 'X', exit: 4, what: 'UNWANTED', next: '' });
    try {
      await runSteps([{ name: 'load', title: 'Load', async run() { throw failure; } }], { terminal: true, write: () => undefined });
    } catch (error) {
      console.log(error === failure ? 'the same' : 'another');
    }
    process.exitCode = 4;`);
  assert.is(status, 4);
  assert.match(text, /Load \(stopped after 0\.0 s\)/);
  assert.match(text, /the same/);
  assert.not.match(text, /UNWANTED/);
});

terminalTest('a process that ends in the middle shows its last words and the cursor', () => {
  const { raw, status } = onTerminal(`
    await runSteps([{ name: 'load', title: 'Load', async run() {
      await new Promise((resolve) => setTimeout(resolve, 300));
      console.error('last words');
      process.exit(70);
    } }], { terminal: true, write: () => undefined });`);
  assert.is(status, 70);
  assert.match(raw, /last words/);
  const show = raw.lastIndexOf('\u001b[?25h');
  assert.ok(show > raw.lastIndexOf('\u001b[?25l'), 'the cursor is shown again');
});

test.run();
