/** The workflows of .github: pinned, with the least permissions, and no step that a person could not run. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { suite } from '../../support/suite.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}
/** Steps of its own, or those of another workflow. */
interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly needs?: string | readonly string[];
  readonly steps?: readonly Step[];
  readonly uses?: string;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const test = suite('workflows');
const files = globSync('.github/workflows/*.yml');
const workflows = files.map((path) => {
  const text = readFileSync(path, 'utf8');
  return { path, text, workflow: parse(text) as Workflow };
});
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps = [] }) => steps);

test('each action is pinned to a commit, with its version beside it', () => {
  assert.is(workflows.length, 2);
  // A workflow of the same commit has no version.
  const uses = workflows.flatMap(({ text }) => text.match(/uses: (?!\.\/).*/g) ?? []);
  assert.ok(uses.length > 8, 'actions were found');
  for (const line of uses) assert.match(line, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('each step is one call of a script of this repository, which can be executed', () => {
  const runs = workflows.flatMap(({ workflow }) => stepsOf(workflow).flatMap(({ run }) => run ?? []));
  assert.ok(runs.length > 12, 'steps were found');
  for (const run of runs) {
    assert.match(run, /^scripts\/[\w-]+( ("\$[A-Z_]+"|[\w-]+))*$/);
    accessSync(run.split(' ')[0] ?? '', constants.X_OK);
  }
});

test('a workflow has no permission, and a job reads the contents, but for the jobs of a release', () => {
  for (const { path, workflow } of workflows) {
    assert.equal(workflow.permissions, {}, path);
    for (const [job, { permissions }] of Object.entries(workflow.jobs)) {
      const writes = Object.keys(permissions).filter((name) => permissions[name] === 'write');
      const allowed = path.endsWith('release.yml') && (job === 'image' || job === 'publish');
      assert.ok(allowed || writes.length === 0, `${path} ${job}: ${writes}`);
    }
  }
});

test('nothing is published before CI has passed for the same commit', () => {
  const jobs = workflows.find(({ path }) => path.endsWith('release.yml'))?.workflow.jobs;
  assert.is(jobs?.['ci']?.uses, './.github/workflows/ci.yml');
  assert.equal([jobs?.['image']?.needs, jobs?.['publish']?.needs], [['check', 'ci'], 'image']);
});

test('the image of each architecture has a list of packages, which is attested', () => {
  const steps = workflows.find(({ path }) => path.endsWith('release.yml'))?.workflow.jobs['publish']?.steps ?? [];
  const [, ...architectures] =
    steps
      .find(({ run }) => run?.startsWith('scripts/publish index'))
      ?.run?.split(' ')
      .slice(1) ?? [];
  assert.equal(architectures, ['amd64', 'arm64']);
  const written = steps.filter((step) => step.with?.['output-file'] !== undefined);
  assert.equal(
    written.map(({ env }) => env?.['SYFT_PLATFORM']),
    architectures.map((architecture) => `linux/${architecture}`),
  );
  assert.equal(
    steps.flatMap((step) => step.with?.['sbom-path'] ?? []),
    written.map((step) => step.with?.['output-file']),
  );
});

const checked = spawnSync('bash', ['scripts/check-workflows'], { encoding: 'utf8' });
test.unless(checked.status === 3 ? checked.stderr.trim() : null)('actionlint and zizmor find nothing', () => {
  assert.is(checked.status, 0, checked.stdout + checked.stderr);
});

test('the audit fails for what the image contains, and says so where the registry has no list', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'nextcrm-audit-'));
  const audit = (answer: string, exit: number) => {
    writeFileSync(join(scratch, 'npm'), `#!/bin/sh\necho '${answer}'\n[ "$2" = --audit-level=none ] || exit ${exit}\n`, {
      mode: 0o755,
    });
    const env = { ...process.env, PATH: `${scratch}:${process.env['PATH']}` };
    return spawnSync('bash', ['scripts/audit'], { encoding: 'utf8', env }).status;
  };
  assert.is(audit('{"auditReportVersion": 2}', 0), 0);
  assert.is(audit('{"auditReportVersion": 2}', 1), 1);
  assert.is(audit('{"error": {"code": "E405"}}', 1), 3);
  rmSync(scratch, { recursive: true });
});

test('what is published has the names that the release has given it, step by step', () => {
  const version = '0.0.1';
  const scratch = mkdtempSync(join(tmpdir(), 'nextcrm-publish-'));
  cpSync('scripts/publish', join(scratch, 'scripts/publish'));
  const compose = readFileSync('docker-compose.migrate.yml', 'utf8');
  const image = /^( *image: )\$\{MIGRATE_IMAGE:-[^}]+\}$/m;
  assert.match(compose, image);
  const named = compose.replace(image, `$1\${MIGRATE_IMAGE:-ghcr.io/owner/nextcrm-migrate:${version}}`);
  writeFileSync(join(scratch, 'docker-compose.migrate.yml'), named);
  const publish = (...args: readonly string[]) => {
    const env = { ...process.env, DRY_RUN: '1', REGISTRY_USER: 'somebody', REGISTRY_TOKEN: 'token-of-the-registry' };
    const { status, stdout, stderr } = spawnSync('bash', [join(scratch, 'scripts/publish'), ...args], { encoding: 'utf8', env });
    return { status, output: stdout + stderr };
  };
  const index = publish('index', 'amd64', 'arm64');
  assert.is(index.status, 0, index.output);
  assert.match(index.output, 'docker login ghcr.io --username somebody --password-stdin');
  assert.match(
    index.output,
    'imagetools create --tag ghcr.io/owner/nextcrm-migrate:0.0.1 --tag ghcr.io/owner/nextcrm-migrate:latest ghcr.io/owner/nextcrm-migrate:0.0.1-amd64 ghcr.io/owner/nextcrm-migrate:0.0.1-arm64',
  );
  assert.match(index.output, /^name=ghcr\.io\/owner\/nextcrm-migrate$/m);
  assert.match(index.output, /^digest=sha256:[0-9a-f]{64}$/m);
  assert.match(publish('chart').output, /nextcrm-migrate-0\.0\.1\.tgz oci:\/\/ghcr\.io\/owner\/charts/);
  assert.match(
    publish('sign', 'ghcr.io/owner/nextcrm-migrate@sha256:00').output,
    'cosign sign --yes ghcr.io/owner/nextcrm-migrate@sha256:00',
  );
  assert.not.match(index.output, 'token-of-the-registry');
  assert.is(publish('unknown').status, 2);
  rmSync(scratch, { recursive: true });
});

test.run();
