/** The image that the tests of the image run, built as `docker compose up` builds it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { docker, dockerAnswers } from '../../../scripts/lib/docker.ts';
import type { Suite } from '../../support/suite.ts';

/** A name of its own: the one that a person runs is not replaced by a test. */
export const image = process.env['TEST_IMAGE'] ?? 'nextcrm-migrate-test';

/** For one test; many documents take longer. */
const limitMs = process.env['TEST_LONG'] ? 1_800_000 : 600_000;

export const base = 'node:24-trixie-slim';

/** Builds it; where another file of tests has built it, every layer is there already. */
async function build(): Promise<void> {
  const { code, output } = await docker(['build', '--quiet', '--tag', image, '.'], 900_000);
  if (code !== 0) throw new Error(output);
}

/** For a program in the image, in the folder of an app: applies its migrations with Prisma's CLI, and gives the exit code. */
export const migrateDeploy = `(await import('node:child_process')).spawnSync(
  process.execPath,
  ['/app/node_modules/prisma/build/index.js', 'migrate', 'deploy'],
  { stdio: 'inherit', env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/app/build/prisma/schema-engine.js' } },
).status`;

type Add = (name: string, body: () => Promise<void>) => void;

/** Tests of the image are skipped where there is no Docker; else the image is built before the first. */
export async function imageTests(test: Suite): Promise<{
  readonly add: Add;
  readonly why: string | null;
  /** For a test that needs more than Docker. */
  readonly unless: (reason: string | null) => Add;
}> {
  const why = await whyNoCompose();
  if (why === null) test.before(build);
  const unless =
    (reason: string | null): Add =>
    (name, body) =>
      test.unless(why ?? reason)(name, body, limitMs);
  return { why, add: unless(null), unless };
}

/** Null when the image's tests can run here, else why not. */
async function whyNoCompose(): Promise<string | null> {
  if (!(await dockerAnswers())) return 'no Docker engine answers';
  return (await docker(['compose', 'version'], 10_000)).code === 0 ? null : 'Docker has no compose plugin';
}

/** Once the container has said `text`; rejects where it ends without. Returns what it has said until then. */
export async function saysInLog(container: string, text: RegExp): Promise<string> {
  const child = spawn('docker', ['logs', '--follow', container], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    let said = '';
    const found = Promise.withResolvers<string>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
        if (text.test(said)) found.resolve(said);
      });
    }
    const ended = once(child, 'close').then((): string => {
      if (text.test(said)) return said;
      throw new Error(`it ended before it said ${text}: ${said}`);
    });
    return await Promise.race([found.promise, ended]);
  } finally {
    child.kill();
  }
}

/** What `docker inspect` says, by a template of Go. */
export async function inspected(what: string, template: string): Promise<string> {
  return (await docker(['inspect', '--format', template, what], 10_000)).output.trim();
}
