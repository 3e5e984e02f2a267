/** Every scenario of dirty data under test/scenarios, each through the real program into a database of its own. */
import * as assert from 'uvu/assert';
import { type ChangeCode, changeCodes, type NoteCode, noteCodes, rejectCodes } from '../../../src/findings/codes.ts';
import { summary } from '../../support/outcome.ts';
import { readScenarios, type Scenario } from '../../support/scenario.ts';
import { runScenario, type ScenarioRun } from '../../support/scenario-run.ts';
import { suite } from '../../support/suite.ts';

const test = suite('scenarios of dirty data');

/** As many as the smallest machine has cores. */
const atOnce = 2;
const scenariosMin = 60;

/** SCENARIO=a regular expression: only those with such a name, for work on them. */
const wanted = process.env['SCENARIO'] ?? '';
const all = await readScenarios();
const scenarios = all.filter(({ name }) => new RegExp(wanted).test(name));
const runs = new Map<string, PromiseWithResolvers<ScenarioRun>>(scenarios.map(({ name }) => [name, Promise.withResolvers()]));
const raised = new Set<string>();
let workers: Promise<unknown> = Promise.resolve();

/** They run ahead of the tests that look at them. */
async function runAll(): Promise<void> {
  const queue = [...scenarios];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const settled = runs.get(next.name);
      await runScenario(next).then(settled?.resolve, settled?.reject);
    }
  };
  workers = Promise.all(Array.from({ length: atOnce }, worker));
}

async function runOf({ name }: Scenario): Promise<ScenarioRun> {
  const run = runs.get(name);
  if (run === undefined) throw new Error(`${name} was not run`);
  return await run.promise;
}

test.before(async () => {
  // A run that fails is its own test's failure, and perhaps before that test has begun.
  for (const { promise } of runs.values()) promise.catch(() => undefined);
  await runAll();
});
test.after(async () => {
  await workers;
  summary(`${scenarios.length} scenarios of dirty data`);
});

test(`there are at least ${scenariosMin} scenarios`, () => {
  assert.ok(all.length >= scenariosMin, `${all.length} were found`);
  assert.ok(scenarios.length > 0, `none has a name like ${wanted}`);
});

test('each has a source, and says why it stands there and what would turn it red', () => {
  for (const { name, files } of all) {
    assert.ok(files.includes('why.md'), name);
    assert.ok(
      files.some((file) => file === 'source.json' || file === 'make.ts' || /\.bson(\.gz)?$/.test(file)),
      name,
    );
  }
});

for (const scenario of scenarios) {
  test(scenario.name, async () => {
    const { exit, output, outcome, failure, broken, codes } = await runOf(scenario);
    const { expected } = scenario;
    assert.is(exit, expected.exit, output);
    assert.is(failure, expected.failure ?? null, output);
    for (const code of codes) raised.add(code);
    if (expected.failure !== undefined) return;
    assert.equal(outcome?.actual, outcome?.expected);
    assert.equal(broken, []);
  });
}

/** Of a correction in the target, of an upgrade and of what people did after it: a scenario is one run over a source. */
const raisedElsewhere: readonly (ChangeCode | NoteCode)[] = [
  'CORRECTED',
  'MODIFIED_SINCE',
  'NOT_UPGRADED',
  'BACKUP_MADE',
  'BACKUP_NOT_MADE',
  'NOT_COMPARED',
  'STRUCTURE_ADDED',
  'TYPE_CHANGED',
];

if (wanted === '') {
  test('every code of conversion, every note of a first run and damage is raised by a scenario', () => {
    const wantedCodes = new Set<string>([...rejectCodes, ...changeCodes, ...noteCodes, 'SOURCE_DAMAGED']);
    for (const code of raisedElsewhere) wantedCodes.delete(code);
    assert.equal(
      [...wantedCodes].filter((code) => !raised.has(code)),
      [],
    );
  });
}

test.run();
