/** Settings that managed and replicated servers have, all at once, and a migration that completes beside them. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('managed servers');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));

test('without the right to TEMP, with a publication of all tables, and with an event trigger that looks: as elsewhere', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const admin = postgres(database.url, { max: 1, onnotice: () => undefined });
  const name = new URL(database.url).pathname.slice(1);
  const role = `plain_${randomBytes(6).toString('hex')}`;
  try {
    await admin.unsafe(`create extension vector; create publication everything for all tables`);
    await admin.unsafe(`
      create function looks() returns event_trigger language plpgsql as 'begin end';
      create event trigger watcher on ddl_command_end execute function looks();
      create role "${role}" login password 'plain';
      revoke temporary on database "${name}" from public;
      grant create on database "${name}" to "${role}"; grant create, usage on schema public to "${role}"`);
    const large = Array.from({ length: 4_000 }, () => randomBytes(2).toString('hex')).join('');
    await writeDump(join(place.folder, 'dump', 'nextcrm'), {
      // Of everything that is updated or deleted afterwards: a dangling reference, a repeated value, a value too large for an index.
      Users: [
        { _id: id(1), email: 'a@example.com' },
        { _id: id(2), email: 'a@example.com' },
        { _id: id(3), email: large },
      ],
      crm_Accounts: [
        { _id: id(4), name: 'n', assigned_to: id(99), watchers: [id(1), id(99)], status: large },
        { _id: id(5), name: 'n', assigned_to: id(1).toHexString() },
      ],
      Boards: [{ _id: id(6), title: 't', description: 'd', user: id(99) }],
    });
    const url = Object.assign(new URL(database.url), { username: role, password: 'plain' });
    const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: url.href };
    const first = await place.run([], environment);
    assert.is(first.exit, 1, first.output);
    const { findings, layers } = await place.report();
    for (const [layer, { status }] of Object.entries(layers)) assert.is(status, 'passed', layer);
    assert.ok(findings.length > 0);
    // The retry deletes from the ledger, and loads again.
    const again = await place.run([], environment);
    assert.is(again.exit, 1, again.output);
  } finally {
    await admin.unsafe(`drop owned by "${role}" cascade; drop role "${role}"`).catch(() => undefined);
    await admin.end();
  }
});

test('a trigger that raises an error where no trial can know it is told as that, and the same command goes on without it', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const admin = postgres(database.url, { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(`
      create function keeps() returns event_trigger language plpgsql as $$
      begin
        if exists (select from pg_event_trigger_dropped_objects() where object_identity like '%"Users"%') then raise exception 'CANARY'; end if;
      end $$`);
    await admin.unsafe('create event trigger keeps on sql_drop execute function keeps()');
    await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: [{ _id: id(1), email: 'a@example.com' }] });
    const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
    const refused = await place.run([], environment);
    assert.is(refused.exit, 4, refused.output);
    assert.match(refused.output, /TARGET_REFUSED/);
    assert.match(refused.output, /raised an error \(SQLSTATE P0001\)/);
    assert.not.match(refused.output, /CANARY/);
    await admin.unsafe('drop event trigger keeps');
    const again = await place.run([], environment);
    assert.is(again.exit, 0, again.output);
  } finally {
    await admin.end();
  }
});

test.run();
