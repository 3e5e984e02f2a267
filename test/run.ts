/** Runs every check and test, and counts: scripts/test calls it. Arguments: [unit | integration | system | image | FILTER] [--long]. */
import { randomBytes } from 'node:crypto';
import { env, exit } from 'node:process';
import { dockerAnswers } from '../scripts/lib/docker.ts';
import { throwAwayServer } from '../scripts/lib/postgres/throw-away.ts';
import { readArguments } from './runner/arguments.ts';
import { runChecks } from './runner/checks.ts';
import { runTestFile, stopTestFiles } from './runner/file.ts';
import { findTestFiles, type TestFile } from './runner/files.ts';
import { leftOut } from './runner/left-out.ts';
import { Tally } from './runner/tally.ts';
import { dropTemplate, templateVariable } from './support/template.ts';

/** As many as the smallest machine has cores. Tests of the image start whole systems and mostly wait: one at a time, beside the others. */
const filesAtOnce = { unit: 2, integration: 2, system: 2, image: 1 } as const;

const tally = new Tally();

async function main(): Promise<void> {
  const wanted = readArguments(process.argv.slice(2));
  if (wanted.long) env['TEST_LONG'] = '1';
  const machine = { dockerRequired: env['REQUIRE_DOCKER'] === '1', dockerAnswers };
  const files = await findTestFiles(wanted, await leftOut(wanted, machine));
  if (wanted.checks) await runChecks(tally);
  else if (files.length === 0) tally.fail('scripts/test', `no test file's path holds "${wanted.filter}"`);

  const ofGroup = (group: TestFile['group']) => files.filter((file) => file.group === group);
  await runFiles(ofGroup('unit'));
  await Promise.all([runWithServer([...ofGroup('integration'), ...ofGroup('system')]), runFiles(ofGroup('image'))]);
}

/** One PostgreSQL for all of them; each test makes a database of its own. */
async function runWithServer(files: readonly TestFile[]): Promise<void> {
  if (files.length === 0) return;
  await using server = env['TEST_DATABASE_URL'] ? undefined : await throwAwayServer();
  if (server) env['TEST_DATABASE_URL'] = server.url;
  console.log(`PostgreSQL for the tests: ${server?.description ?? 'TEST_DATABASE_URL'}`);
  env[templateVariable] ??= `test_template_${randomBytes(6).toString('hex')}`;
  await using _template = { [Symbol.asyncDispose]: dropTemplate };
  await runFiles(files);
}

async function runFiles(files: readonly TestFile[]): Promise<void> {
  const queue = [...files];
  const worker = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) await runTestFile(file, tally);
  };
  const workers = files[0] ? filesAtOnce[files[0].group] : 0;
  await Promise.all(Array.from({ length: workers }, worker));
}

// The server that was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    stopTestFiles();
    exit(1);
  });
}
try {
  await main();
} catch (error) {
  tally.fail('test/run.ts', error instanceof Error ? (error.stack ?? error.message) : String(error));
}
tally.print();
process.exitCode = tally.failed === 0 ? 0 : 1;
