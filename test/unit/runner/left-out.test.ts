/** What a call of scripts/test runs, on which machine. */
import * as assert from 'uvu/assert';
import { readArguments } from '../../runner/arguments.ts';
import { findTestFiles } from '../../runner/files.ts';
import { leftOut } from '../../runner/left-out.ts';
import { suite } from '../../support/suite.ts';

const test = suite('what scripts/test runs');

const machine = (answers: boolean, dockerRequired = false) => ({ dockerRequired, dockerAnswers: () => Promise.resolve(answers) });
const groupsLeftOut = async (args: readonly string[], on: Parameters<typeof leftOut>[1]) =>
  Object.keys(await leftOut(readArguments(args), on));

test('where no Docker engine answers, a call without arguments leaves out the system tests and nothing else', async () => {
  assert.equal(await groupsLeftOut([], machine(false)), ['system']);
});

test('where one answers, or has to, nothing is left out', async () => {
  assert.equal(await groupsLeftOut([], machine(true)), []);
  assert.equal(await groupsLeftOut([], machine(false, true)), []);
});

test('who names a group or files, or asks for full size, gets them everywhere', async () => {
  for (const args of [['system'], ['unit'], ['faults/kill'], ['--long'], ['system', '--long']])
    assert.equal(await groupsLeftOut(args, machine(false)), [], args.join(' '));
});

test('the reason names the command that runs them', async () => {
  assert.match((await leftOut(readArguments([]), machine(false))).system ?? '', 'scripts/test system');
});

test('"system" is a group of its own, and without arguments all groups are run, it behind integration', async () => {
  assert.equal(readArguments(['system']).groups, ['system']);
  assert.equal(readArguments([]).groups, ['unit', 'integration', 'system', 'image']);
});

test('faults, kills and scenarios are found as system tests, with the reason why they are left out, and no others', async () => {
  const files = await findTestFiles(readArguments([]), { system: 'why' });
  for (const name of ['faults/kill', 'scenarios/scenarios', 'program/retry'])
    assert.ok(
      files.some(({ path }) => path === `test/system/${name}.test.ts`),
      name,
    );
  for (const { path, group, leftOut } of files) {
    assert.ok(path.startsWith(`test/${group}/`), path);
    assert.is(leftOut, group === 'system' ? 'why' : undefined, path);
  }
});

test('a part of a path finds system tests too', async () => {
  const files = await findTestFiles(readArguments(['faults/kill']), {});
  assert.equal(
    files.map(({ path }) => path),
    ['test/system/faults/kill.test.ts'],
  );
});

test.run();
