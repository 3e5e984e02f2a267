/** The chart: as a hook before an upgrade, and as an init container in the chart of an app. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse, parseAllDocuments } from 'yaml';
import { helm, kubernetesSchemas, type Tool } from '../../support/deploy-tools.ts';
import { suite } from '../../support/suite.ts';
import {
  assertContainerHardened,
  assertGivesPrisma,
  assertHardened,
  type Job,
  type Manifest,
  type PodSpec,
} from './manifests.ts';

const test = suite('helm');

const chart = 'deploy/helm';
/** Of the cluster that it is rendered for. */
const cluster = ['--kube-version', '1.34.0'];

const [tool, schemas] = [await helm(), await kubernetesSchemas()];
const withHelm = test.unless(tool.missing);

async function called(which: Tool, ...args: readonly string[]): Promise<string> {
  const { code, output } = await which.call(...args);
  assert.is(code, 0, output);
  return output;
}

/** Held against Kubernetes' schemas too, where these are there. */
async function rendered(folder: string, ...args: readonly string[]): Promise<readonly Manifest[]> {
  const text = await called(tool, 'template', 'crm', folder, ...cluster, ...args);
  if (schemas.missing === null) {
    const place = await mkdtemp(join(tmpdir(), 'nextcrm-test-'));
    await writeFile(join(place, 'rendered.yaml'), text);
    await called(schemas, '--strict', join(place, 'rendered.yaml'));
    await rm(place, { recursive: true });
  }
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

const one = <M extends Manifest>(manifests: readonly Manifest[], kind: string): M => {
  const [found, ...others] = manifests.filter((manifest) => manifest.kind === kind);
  assert.ok(found !== undefined && others.length === 0, kind);
  return found as M;
};

const podOf = (manifests: readonly Manifest[]): PodSpec =>
  one<Manifest & { spec: { template: { spec: PodSpec } } }>(manifests, 'Deployment').spec.template.spec;

async function ruling(path: string): Promise<unknown> {
  const documents = parseAllDocuments(await readFile(path, 'utf8')).map((document) => document.toJS() as Manifest);
  return one<Job>(documents, 'Job').spec.podFailurePolicy;
}

withHelm('helm lint has nothing to say', async () => {
  await called(tool, 'lint', '--strict', chart);
});

withHelm('as it comes it is a job before an installation and an upgrade, behind the claim that it needs', async () => {
  const manifests = await rendered(chart);
  assert.equal(manifests.map(({ kind }) => kind).sort(), ['Job', 'PersistentVolumeClaim']);
  const [job, claim] = [one<Job>(manifests, 'Job'), one(manifests, 'PersistentVolumeClaim')];
  for (const { metadata } of manifests) assert.is(metadata.annotations?.['helm.sh/hook'], 'pre-install,pre-upgrade');
  const weight = ({ metadata }: Manifest) => Number(metadata.annotations?.['helm.sh/hook-weight']);
  assert.ok(weight(claim) < weight(job));
  assertHardened(job.spec.template.spec);
  assert.match(JSON.stringify(job.spec.template.spec.volumes), `"claimName":"${claim.metadata.name}"`);
});

withHelm('its job does with each exit code what the job without a chart does', async () => {
  assert.equal(one<Job>(await rendered(chart), 'Job').spec.podFailurePolicy, await ruling('deploy/kubernetes/job.yaml'));
});

withHelm('its version is that of the program', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  const reported = parse(await readFile(join(chart, 'Chart.yaml'), 'utf8')) as { version: string; appVersion: string };
  assert.equal([reported.version, String(reported.appVersion)], [version, version]);
  const { image } = parse(await readFile(join(chart, 'values.yaml'), 'utf8')) as { image: { repository: string } };
  assert.match(await readFile('deploy/kubernetes/job.yaml', 'utf8'), `image: ${image.repository}:${version}\n`);
});

withHelm('a claim, a dump and an image of your own are taken', async () => {
  const own = [
    'persistence.existingClaim=mine',
    'dumpClaim=my-dump',
    'image.repository=registry.example/migrate',
    'image.tag=1.2.3',
  ];
  const manifests = await rendered(chart, ...own.flatMap((value) => ['--set', value]));
  const text = JSON.stringify(one<Job>(manifests, 'Job'));
  assert.equal(manifests.length, 1);
  for (const part of ['"claimName":"mine"', '"claimName":"my-dump"', '"mountPath":"/dump"', '"registry.example/migrate:1.2.3"'])
    assert.ok(text.includes(part), part);
});

withHelm("the migrations of the app's image are copied for the migration where the image is named", async () => {
  assert.is(one<Job>(await rendered(chart), 'Job').spec.template.spec.initContainers, undefined);
  const job = one<Job>(await rendered(chart, '--set', 'appImage=registry.example/nextcrm:1'), 'Job');
  assertGivesPrisma(job.spec.template.spec, 'registry.example/nextcrm:1');
});

withHelm('a value that the chart does not know is refused', async () => {
  const { code, output } = await tool.call('template', 'crm', chart, ...cluster, '--set', 'secretname=x');
  assert.is.not(code, 0);
  assert.match(output, /secretname/);
});

withHelm('in the chart of an app it is an init container in front of it, without a job', async () => {
  const place = await mkdtemp(join(tmpdir(), 'nextcrm-test-'));
  try {
    await cp('test/integration/deploy/app-chart', place, { recursive: true });
    await mkdir(join(place, 'charts'));
    await cp(chart, join(place, 'charts', 'nextcrm-migrate'), { recursive: true });
    assertGivesPrisma(podOf(await rendered(place, '--set', 'nextcrm-migrate.appImage=nextcrm:1')), 'nextcrm:1');
    const manifests = await rendered(place);
    assert.equal(manifests.map(({ kind }) => kind).sort(), ['Deployment', 'PersistentVolumeClaim']);
    // No hook, which Helm and Argo CD would delete and recreate.
    assert.equal(one(manifests, 'PersistentVolumeClaim').metadata.annotations, { 'helm.sh/resource-policy': 'keep' });
    const { initContainers = [], volumes } = podOf(manifests);
    assert.is(initContainers.length, 1);
    for (const container of initContainers) assertContainerHardened(container, { volumes });
    const text = JSON.stringify(volumes);
    for (const part of ['"secretName":"app-urls"', '"claimName":"app-dump"', '"claimName":"crm-nextcrm-migrate"'])
      assert.ok(text.includes(part), part);
  } finally {
    await rm(place, { recursive: true });
  }
});

test.run();
