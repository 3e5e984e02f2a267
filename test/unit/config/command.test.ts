import * as assert from 'uvu/assert';
import { type Command, parseCommand, usage } from '../../../src/config/command.ts';
import { exitCodes, Failure } from '../../../src/failure.ts';
import { newReportId } from '../../../src/report/report-id.ts';
import { suite } from '../../support/suite.ts';

const test = suite('config/command');
const reportId = newReportId(new Date('2026-01-31T09:45:00.123Z'));

for (const [argv, expected] of [
  [[], { name: 'migrate' }],
  [['verify'], { name: 'verify' }],
  [['status'], { name: 'status' }],
  [['accept', reportId], { name: 'accept', reportId }],
  [['--help'], { name: 'help' }],
  [['verify', '-h'], { name: 'help' }],
  [['--version'], { name: 'version' }],
] as const satisfies readonly (readonly [readonly string[], Command])[]) {
  test(`"${argv.join(' ')}" is the command ${expected.name}`, () => assert.equal(parseCommand(argv), expected));
}

for (const argv of [
  ['upgrade'],
  ['verify', 'twice'],
  ['accept'],
  ['accept', '../../etc'],
  ['accept', reportId, reportId],
  ['--verbose'],
  [''],
]) {
  test(`"${argv.join(' ')}" is refused with the commands`, () => {
    try {
      parseCommand(argv);
    } catch (error) {
      assert.instance(error, Failure);
      if (!(error instanceof Failure)) return;
      assert.is(error.exit, 2);
      assert.ok(error.next.includes(usage));
      return;
    }
    throw new Error('it was taken');
  });
}

test('the help has a line of usage, every exit code and an example that is taken', () => {
  assert.match(usage, /^Usage: /m);
  const reported = [...(/^Exit codes: (.*)$/m.exec(usage)?.[1] ?? '').matchAll(/(?:^|· )(\d+) /g)].map(([, code]) =>
    Number(code),
  );
  assert.equal(reported, Object.values(exitCodes));
  const examples = [...usage.matchAll(/ (accept \d\S+)$/gm)].map(([, words = '']) => words.split(' '));
  assert.is(examples.length, 2);
  for (const words of examples) assert.is(parseCommand(words).name, 'accept');
});

test('a word that may be a secret is not repeated', () => {
  assert.throws(
    () => parseCommand(['postgresql://u:CANARY@h/d']),
    (error: unknown) => error instanceof Failure && !`${error.message}${error.next}`.includes('CANARY'),
  );
});

test('report ids are in order of time', () => {
  assert.match(reportId, /^20260131-094500-[0-9a-f]{4}$/);
});

test.run();
