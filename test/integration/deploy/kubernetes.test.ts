/** The cluster job: what Kubernetes' schemas say of it, and what it does with each exit code. */
import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { exitCodes } from '../../../src/failure.ts';
import { kubernetesSchemas } from '../../support/deploy-tools.ts';
import { suite } from '../../support/suite.ts';
import { assertGivesPrisma, assertHardened, type Job, type Manifest, reactionTo } from './manifests.ts';

const test = suite('kubernetes');

const folder = 'deploy/kubernetes';
const files = ['claim.yaml', 'job.yaml', 'secret.example.yaml', 'reports.yaml'].map((file) => `${folder}/${file}`);

async function manifests(path: string): Promise<readonly Manifest[]> {
  return parseAllDocuments(await readFile(path, 'utf8')).map((document) => document.toJS({ maxAliasCount: 0 }) as Manifest);
}

async function theJob(): Promise<Job> {
  const job = (await manifests(`${folder}/job.yaml`)).find(({ kind }) => kind === 'Job');
  assert.ok(job);
  return job as Job;
}

const schemas = await kubernetesSchemas();
const withSchemas = test.unless(schemas.missing);

withSchemas('every manifest keeps to the schemas of the first and the last version that is meant', async () => {
  for (const version of ['1.31', '1.37']) {
    const { code, output } = await schemas.call('--strict', '-k', version, ...files);
    assert.is(code, 0, output);
    assert.is(output.match(/ passed for resource /g)?.length, 4, output);
  }
});

withSchemas('a field that Kubernetes does not know is refused', async () => {
  const { code } = await schemas.call('--strict', 'test/integration/deploy/wrong.yaml');
  assert.is.not(code, 0);
});

test('each exit code of the program has the answer that its meaning asks for', async () => {
  const job = await theJob();
  const reactions = Object.entries(exitCodes).map(([name, code]) => [name, code === 0 ? 'done' : reactionTo(job, code)]);
  assert.equal(Object.fromEntries(reactions), {
    success: 'done',
    findings: 'FailJob',
    usage: 'FailJob',
    source: 'Count',
    target: 'Count',
    interrupted: 'Ignore',
    locked: 'Count',
    bug: 'FailJob',
  });
  assert.is(reactionTo(job, 137), 'Count');
  // The policy is allowed with this alone.
  assert.is(job.spec.template.spec.restartPolicy, 'Never');
});

test('the pod has no right that it does not need, and the place that it writes to', async () => {
  assertHardened((await theJob()).spec.template.spec);
});

test("the migrations of the app's image are copied for the migration", async () => {
  assertGivesPrisma((await theJob()).spec.template.spec, 'nextcrm:0.21.2');
});

test('the claim that holds the reports is in no file with something else, and has the name that the pods take', async () => {
  const [claim, ...others] = await manifests(`${folder}/claim.yaml`);
  assert.equal([claim?.kind, others.length], ['PersistentVolumeClaim', 0]);
  for (const file of files.filter((path) => !path.endsWith('/claim.yaml')))
    for (const manifest of await manifests(file)) assert.is.not(manifest.kind, 'PersistentVolumeClaim', file);
  for (const file of ['job.yaml', 'reports.yaml'])
    assert.match(await readFile(`${folder}/${file}`, 'utf8'), `claimName: ${claim?.metadata.name}\n`);
});

test('the keys of the secret are those that the job names', async () => {
  const [secret] = await manifests(`${folder}/secret.example.yaml`);
  const { containers } = (await theJob()).spec.template.spec;
  const wanted = (containers[0]?.env ?? [])
    .filter(({ name }) => name.endsWith('_FILE'))
    .map(({ value }) => value.split('/').at(-1));
  assert.equal(wanted.sort(), Object.keys(secret?.stringData ?? {}).sort());
});

test.run();
