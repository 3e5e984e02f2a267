/** The comparison that begins while keys and indexes are built: it counts where no row has changed since, and finds what it finds without that. */
import * as assert from 'uvu/assert';
import { tableNamesOf } from '../../../src/catalog/index.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import type { Source } from '../../../src/source/source.ts';
import { EarlyComparison } from '../../../src/steps/early-comparison.ts';
import { restoreKeysAndIndexes } from '../../../src/steps/index.ts';
import { readSuspended, suspend } from '../../../src/target/suspended.ts';
import { type Compared, validate } from '../../../src/validate/validate.ts';
import { targetUrl, testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated, silent } from './migrated.ts';
import { richContent } from './rich-dump.ts';

const test = suite('early comparison');

const { signal } = new AbortController();
let place: Migrated;
test.before(async () => {
  place = await migrated(richContent);
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

/** Of every size: the program waits for 50,000 documents. */
function early(source: Source = place.source): EarlyComparison {
  const job = { catalog: nextcrm, source, target: targetUrl(place.database.url), run: place.run, signal };
  return new EarlyComparison(job, { documentsMin: 0 });
}

const proved = (compared: Compared | null) =>
  validate(
    {
      catalog: nextcrm,
      source: place.source,
      target: place.target,
      run: place.run,
      progress: silent,
      signal,
      upgraded: false,
      readModels: async () => [],
    },
    compared,
  );

/** A source that says when it is read first, and gives nothing before it may. */
function held(): { readonly source: Source; readonly begun: Promise<void>; release(): void } {
  const begun = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const source = new Proxy(place.source, {
    get(inner, name) {
      const value: unknown = Reflect.get(inner, name);
      if (typeof value !== 'function') return value;
      if (name !== 'read') return value.bind(inner);
      return async function* (...parameters: Parameters<Source['read']>) {
        begun.resolve();
        await released.promise;
        yield* inner.read(...parameters);
      };
    },
  });
  return { source, begun: begun.promise, release: released.resolve };
}

/** The result, with `work` done after the comparison has begun and before it has read a document. */
async function meanwhile(work: () => Promise<unknown>): Promise<Compared | null> {
  const { source, begun, release } = held();
  await using comparison = early(source);
  await comparison.begin(place.target, silent);
  await begun;
  try {
    await work();
  } finally {
    release();
  }
  return await comparison.result(place.target, silent);
}

const sessions = async () => {
  const rows = await place.target.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and application_name like 'nextcrm-migrate compare%'`,
  );
  return rows.map(({ pid }) => pid);
};

/** Once the server has ended them, which takes it a moment; the test's own limit is the limit. */
const noSession = async () => {
  while ((await sessions()).length > 0);
};

test('beside the build of all keys and indexes it finds what is found without it', async () => {
  await place.target.script(`
    update public."Users" set name = 'another' where id = (select id from public."Users" where name is not null limit 1);
    truncate nextcrm_migration.suspended`);
  await place.target.transaction(() => suspend(place.target, tableNamesOf(nextcrm)));
  await place.target.script(`update nextcrm_migration.run set step = 'index'`);
  const { source, begun, release } = held();
  await using comparison = early(source);
  const restored = restoreKeysAndIndexes(place.target, nextcrm, silent, signal, comparison);
  await begun;
  release();
  await restored;
  assert.equal(await readSuspended(place.target), []);
  const compared = await comparison.result(place.target, silent);
  assert.ok(compared !== null);
  const result = await proved(compared);
  assert.ok(result.findings.some(({ code, collection }) => code === 'FIELD_DIFFERS' && collection === 'Users'));
  assert.equal(result, await proved(null));
});

const changes: Readonly<Record<string, string>> = {
  'a value': `update public."crm_Accounts" set name = 'another' where id = (select min(id::text)::uuid from public."crm_Accounts")`,
  'a value, to the same': `update public."crm_Accounts" set name = name where id = (select min(id::text)::uuid from public."crm_Accounts")`,
  'a row that is added': `insert into public."Documents_Types" (id, name, __v) values (gen_random_uuid(), 'one more', 0)`,
  'a row that is deleted': `delete from public."Documents_Types" where name = 'one more'`,
  'a record of a change': `update nextcrm_migration.change set code = code where ctid = (select ctid from nextcrm_migration.change limit 1)`,
  'an entry of the map of ids': `delete from nextcrm_migration.id_map where ctid = (select ctid from nextcrm_migration.id_map limit 1)`,
};

for (const [what, statement] of Object.entries(changes)) {
  test(`${what}, modified by another session meanwhile: everything is compared again`, async () => {
    const compared = await meanwhile(async () => {
      await using other = await testSession(place.database.url);
      assert.ok((await other.execute(statement)) > 0);
    });
    assert.is(compared, null);
  });
}

test('and what was modified is found', async () => {
  const { findings } = await proved(null);
  for (const [code, collection] of [
    ['FIELD_DIFFERS', 'crm_Accounts'],
    ['ID_MAP_WRONG', null],
  ] as const)
    assert.ok(
      findings.some((found) => found.code === code && (collection === null || found.collection === collection)),
      `${code} ${JSON.stringify(findings)}`,
    );
});

test('its session is lost: everything is compared again', async () => {
  const compared = await meanwhile(async () => {
    for (const pid of await sessions()) await place.target.query('select pg_terminate_backend($1)', [pid]);
    await noSession();
  });
  assert.is(compared, null);
});

test('a step that fails beside it takes its session and its snapshot along', async () => {
  const { source, begun, release } = held();
  const comparison = early(source);
  await comparison.begin(place.target, silent);
  await begun;
  assert.is((await sessions()).length, 1);
  release();
  await comparison[Symbol.asyncDispose]();
  await noSession();
});

test('a user who may have no connection more leaves it to the step of its own', async () => {
  const role = `limited_${process.pid}`;
  await place.target.script(`create role ${role} login password 'x' connection limit 1; grant pg_read_all_data to ${role}`);
  try {
    const url = new URL(place.database.url);
    Object.assign(url, { username: role, password: 'x' });
    const job = { catalog: nextcrm, source: place.source, target: targetUrl(url.href), run: place.run, signal };
    await using comparison = new EarlyComparison(job, { documentsMin: 0 });
    await comparison.begin(place.target, silent);
    assert.is(await comparison.result(place.target, silent), null);
  } finally {
    await place.target.script(`drop role ${role}`);
  }
});

test('a small database is compared in its own step alone', async () => {
  const job = { catalog: nextcrm, source: place.source, target: targetUrl(place.database.url), run: place.run, signal };
  await using comparison = new EarlyComparison(job);
  await comparison.begin(place.target, silent);
  assert.is((await sessions()).length, 0);
  assert.is(await comparison.result(place.target, silent), null);
});

test.run();
