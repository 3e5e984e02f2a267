/** Values of every kind in NextCRM's newest release, by both ways there, on PostgreSQL 16 and 17. */
import { join } from 'node:path';
import { env } from 'node:process';
import * as assert from 'uvu/assert';
import { docker, dockerAnswers } from '../../../scripts/lib/docker.ts';
import { startByDocker } from '../../../scripts/lib/postgres/docker-server.ts';
import type { PostgresServer } from '../../../scripts/lib/postgres/server.ts';
import { appPrisma, appReleaseMissing } from '../../support/app-release.ts';
import { type TemporaryFolder, temporaryFolder, writeDump } from '../../support/dump.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { type Ended, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';
import { dirty } from '../releases/dirty.ts';
import { assertValuesInPlace } from '../releases/in-place.ts';
import { deployApp } from '../releases/upgraded.ts';

const test = suite('versions of PostgreSQL');
const image17 = 'pgvector/pgvector:pg17';
const pullMsMax = 300_000;
let dump: TemporaryFolder;
let server17: PostgresServer;

async function image17Missing(): Promise<string | null> {
  if (!(await dockerAnswers())) return 'no Docker engine answers, which would start PostgreSQL 17';
  if ((await docker(['image', 'inspect', image17], 30_000)).code === 0) return null;
  const { code, output } = await docker(['pull', '--quiet', image17], pullMsMax);
  return code === 0 ? null : `Docker cannot pull ${image17}: ${output.trim()}`;
}

const missing17 = appReleaseMissing ?? (await image17Missing());

test.before(async () => {
  dump = await temporaryFolder();
  await writeDump(join(dump.path, 'nextcrm'), dirty);
  if (missing17 === null) server17 = await startByDocker(image17);
});

test.after(async () => {
  await dump[Symbol.asyncDispose]();
  await server17?.[Symbol.asyncDispose]();
});

function ends({ exit, output }: Ended, expected: number): void {
  assert.is(exit, expected, output);
}

/** The server of the tests meanwhile. */
async function on(server: PostgresServer, work: () => Promise<void>): Promise<void> {
  const former = env['TEST_DATABASE_URL'];
  env['TEST_DATABASE_URL'] = server.url;
  try {
    await work();
  } finally {
    env['TEST_DATABASE_URL'] = former;
  }
}

/** With what was rejected accepted between the migration and the upgrade, neither of which needs the other's server. */
async function upgradedInTheRun(): Promise<void> {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { DATABASE_URL: database.url, NEXTCRM_PRISMA: appPrisma };
  ends(await place.run([], { ...environment, MONGODB_URL: dump.url }), 1);
  ends(await place.run(['accept', (await place.report()).id], environment), 0);
  ends(await place.run([], environment), 0);
  await assertValuesInPlace(database.url);
  const { findings, notes } = await place.report();
  assert.equal(
    findings.filter(({ layer }) => layer !== 'load').map(({ code }) => code),
    [],
  );
  assert.ok(notes.some(({ code }) => code === 'BACKUP_MADE' || code === 'BACKUP_NOT_MADE'));
}

async function upgradedByNextCrm(): Promise<void> {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { DATABASE_URL: database.url };
  ends(await place.run([], { ...environment, MONGODB_URL: dump.url }), 1);
  ends(await place.run(['accept', (await place.report()).id], environment), 0);
  await deployApp(database.url);
  ends(await place.run([], environment), 0);
  await assertValuesInPlace(database.url);
  ends(await place.run(['verify'], { ...environment, MONGODB_URL: dump.url }), 0);
}

for (const [way, upgraded] of [
  ['in the same run', upgradedInTheRun],
  ["by NextCRM's own deploy", upgradedByNextCrm],
] as const) {
  test.unless(appReleaseMissing)(`upgraded ${way}, every value has its place`, upgraded);
  test.unless(missing17)(`upgraded ${way} on PostgreSQL 17, every value has its place`, () => on(server17, upgraded));
}

test.run();
