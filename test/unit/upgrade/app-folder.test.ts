import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { Failure } from '../../../src/failure.ts';
import { checkHasApplied, readAppFolder } from '../../../src/upgrade/app-folder.ts';
import { appPrisma, appReleaseMissing } from '../../support/app-release.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the folder that NEXTCRM_PRISMA names');
const release = test.unless(appReleaseMissing);
let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prisma-'));
});
test.afterEach(() => rm(folder, { recursive: true }));

async function refusalOf(path: string): Promise<string> {
  try {
    await readAppFolder(path, nextcrm.migrations);
  } catch (error) {
    assert.instance(error, Failure);
    const { code, exit, message, next } = error as Failure;
    assert.equal([code, exit], ['APP_FOLDER_UNUSABLE', 2]);
    assert.match(message, /Nothing was changed/);
    return `${message} ${next}`;
  }
  throw new Error('the folder was taken');
}

release("NextCRM's folder is read, in Prisma's order, without 0_init", async () => {
  const { migrations } = await readAppFolder(appPrisma, nextcrm.migrations);
  assert.is(migrations.length, 43);
  assert.is(migrations[0]?.name, '20260320000000_add_pgvector_embeddings');
  assert.match(migrations[0]?.checksum ?? '', /^[0-9a-f]{64}$/);
});

release('line ends of Windows are no other release', async () => {
  await cp(appPrisma, folder, { recursive: true });
  const file = join(folder, 'migrations/0_init/migration.sql');
  const text = await readFile(file, 'utf8');
  await rm(file);
  await writeFile(file, text.replaceAll('\n', '\r\n'));
  assert.is((await readAppFolder(folder, nextcrm.migrations)).migrations.length, 43);
});

release('another first migration is refused, and a folder without its script', async () => {
  await cp(appPrisma, folder, { recursive: true });
  const file = join(folder, 'migrations/20260320000001_add_api_tokens/migration.sql');
  await rm(file);
  assert.match(await refusalOf(folder), /20260320000001_add_api_tokens\/migration\.sql in it cannot be read/);
  await rm(join(folder, 'migrations/0_init'), { recursive: true });
  await writeFile(file, 'select 1');
  assert.match(await refusalOf(folder), /not NextCRM's migrations\/0_init/);
});

test('a folder that is not there, the checkout itself and a MongoDB release are refused', async () => {
  assert.match(await refusalOf(join(folder, 'nowhere')), /schema\.prisma in it cannot be read.*must name the folder prisma\//);
  assert.match(await refusalOf(folder), /schema\.prisma in it cannot be read/);
  await writeFile(join(folder, 'schema.prisma'), 'datasource db {\n  url = "x"\n  provider = "mongodb"\n}\n');
  assert.match(await refusalOf(folder), /MongoDB release/);
  await writeFile(join(folder, 'schema.prisma'), 'generator c {\n  provider = "postgresql"\n}\n');
  assert.match(await refusalOf(folder), /does not have the provider postgresql/);
  await writeFile(join(folder, 'schema.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n');
  assert.match(await refusalOf(folder), /no folder migrations/);
  await mkdir(join(folder, 'migrations'));
  assert.match(await refusalOf(folder), /not NextCRM's migrations\/0_init/);
});

test('an applied migration that the folder has not is refused, but for the one that NextCRM forgets', () => {
  const known = { path: folder, known: nextcrm.migrations, migrations: [{ name: '2_a', script: '', checksum: '' }] };
  checkHasApplied(known, ['0_init', '2_a', '20260404120000_add_currency_support']);
  assert.throws(
    () => checkHasApplied(known, ['2_a', '3_b', '4_c']),
    (error: unknown) => error instanceof Failure && error.exit === 2 && /has the migration 3_b and 1 more/.test(error.message),
  );
});

test.run();
