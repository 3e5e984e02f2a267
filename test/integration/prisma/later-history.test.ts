/** The app's own `prisma migrate deploy` on a migrated database: its later history, of every known kind, with rows in every table. */

import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { runIn } from '../../../src/prisma/cli.ts';
import { handOver } from '../../../src/prisma/history.ts';
import { laterMigrations } from '../../support/later-releases.ts';
import { appFolder, deployFrom, type Folder, migration } from '../../support/prisma.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from '../validate/migrated.ts';
import { richContent } from '../validate/rich-dump.ts';

const test = suite("the app's later history");
let place: Migrated;
let folder: Folder;

test.before(async () => {
  place = await migrated(richContent);
  await handOver(place.target, nextcrm.migrations);
  folder = await appFolder({ '0_init': `-- The app's own text.\n${await migration('0_init')}`, ...laterMigrations });
});
test.after(async () => {
  await folder[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const ask = (text: string) => place.target.query(text);
const statusOf = () => runIn(folder.path, ['migrate', 'status'], { url: place.database.url });
const dropOurs = 'drop schema nextcrm_migration cascade; drop schema nextcrm_archive cascade';

/** Objects of every kind that the app knows: relations, types and functions of `public`. */
const inPublic = `
  select oid::regclass::text as name from pg_class where relnamespace = 'public'::regnamespace
  union all select oid::regtype::text from pg_type where typnamespace = 'public'::regnamespace
  union all select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace order by 1`;

test('nothing of ours outside public depends on public, nor the other way round', async () => {
  const of = (schemas: string) => `
    select 'pg_class'::regclass as class, oid from pg_class where relnamespace in (${schemas})
    union all select 'pg_type'::regclass, oid from pg_type where typnamespace in (${schemas})
    union all select 'pg_proc'::regclass, oid from pg_proc where pronamespace in (${schemas})
    union all select 'pg_constraint'::regclass, oid from pg_constraint where connamespace in (${schemas})
    union all select 'pg_attrdef'::regclass, d.oid from pg_attrdef d join pg_class c on c.oid = d.adrelid where c.relnamespace in (${schemas})
    union all select 'pg_rewrite'::regclass, r.oid from pg_rewrite r join pg_class c on c.oid = r.ev_class where c.relnamespace in (${schemas})
    union all select 'pg_trigger'::regclass, t.oid from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace in (${schemas})`;
  const ours = `'nextcrm_migration'::regnamespace, 'nextcrm_archive'::regnamespace`;
  const theirs = `'public'::regnamespace`;
  for (const [from, to] of [
    [ours, theirs],
    [theirs, ours],
  ] as const) {
    assert.equal(
      await ask(`select d.classid::regclass, d.objid, d.refobjid from pg_depend d
        where (d.classid, d.objid) in (${of(from)}) and (d.refclassid, d.refobjid) in (${of(to)})`),
      [],
    );
  }
});

for (const [when, before] of [
  ['before the first of them', 0],
  ['between two of them', 8],
  ['after the last of them', Object.keys(laterMigrations).length],
] as const) {
  test(`the schemas of ours dropped ${when} take nothing else along, and nothing misses them`, async () => {
    await place.target.script('begin');
    try {
      const migrations = Object.values(laterMigrations);
      for (const sql of migrations.slice(0, before)) await place.target.script(sql);
      const objects = await ask(inPublic);
      await place.target.script(dropOurs);
      assert.equal(await ask(inPublic), objects);
      for (const sql of migrations.slice(before)) await place.target.script(sql);
    } finally {
      await place.target.script('rollback');
    }
  });
}

test('each migration of each kind passes alone where it does not build on another', async () => {
  for (const [name, sql] of Object.entries(laterMigrations)) {
    if (name.endsWith('_roles_enum')) continue;
    await place.target.script(`begin; ${sql}`);
    await place.target.script('rollback');
  }
});

test('deploy finds 0_init applied, applies all that follows, and status is clean before and after', async () => {
  const pending = await statusOf();
  assert.is(pending.exitCode, 1, pending.stdout);
  assert.not.match(pending.stdout, /\n0_init/);
  assert.match(pending.stdout, '20260301000000_lookups_from_texts');
  const deployed = await deployFrom(folder.path, place.database.url);
  assert.is(deployed.exitCode, 0, deployed.stderr);
  assert.not.match(deployed.stdout, /0_init\//);
  for (const name of Object.keys(laterMigrations)) assert.match(deployed.stdout, name);
  const clean = await statusOf();
  assert.is(clean.exitCode, 0, clean.stdout + clean.stderr);
  assert.match(clean.stdout, 'Database schema is up to date!');
});

test('with the schemas of ours gone, deploy and status say the same', async () => {
  await place.target.script(dropOurs);
  const again = await deployFrom(folder.path, place.database.url);
  assert.is(again.exitCode, 0, again.stderr);
  assert.match(again.stdout, 'No pending migrations to apply');
  assert.is((await statusOf()).exitCode, 0);
});

test.run();
