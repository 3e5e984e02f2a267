/** What a managed PostgreSQL gives: a user who is neither superuser nor owner, on a database that has the extension already. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('rights');

test('the two grants that the error names suffice once "vector" exists: no superuser, no owner', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const role = `plain_${randomBytes(6).toString('hex')}`;
  const admin = postgres(database.url, { max: 1, onnotice: () => undefined });
  try {
    const name = new URL(database.url).pathname.slice(1);
    await admin.unsafe(
      `create extension vector; create role "${role}" login nosuperuser nocreatedb nocreaterole password 'plain'`,
    );
    await admin.unsafe(`grant create on database "${name}" to "${role}"; grant create, usage on schema public to "${role}"`);
    const url = Object.assign(new URL(database.url), { username: role, password: 'plain' });
    await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: [{ _id: new ObjectId(), email: 'user@example.com' }] });
    const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: url.href };
    for (const words of [[], ['verify']]) {
      const { exit, output } = await place.run(words, environment);
      assert.is(exit, 0, output);
    }
    const [row] = await admin`select count(*)::integer as n from "Users"`;
    assert.is(row?.['n'], 1);
  } finally {
    await admin.unsafe(`drop owned by "${role}" cascade; drop role "${role}"`).catch(() => undefined);
    await admin.end();
  }
});

test.run();
