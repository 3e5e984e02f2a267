/** Keys and unique indexes that rows break when they are recreated: another program wrote to the target meanwhile. */
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { Failure } from '../../../src/failure.ts';
import { restoreKeysAndIndexes } from '../../../src/steps/index.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated, silent } from '../validate/migrated.ts';

const test = suite('keys that rows break');
const { signal } = new AbortController();
let place: Migrated;

test.before(async () => {
  place = await migrated({
    Users: [1, 2].map((n) => ({ _id: new ObjectId(n.toString(16).padStart(24, '0')), email: `${n}@x.org` })),
  });
});
test.after(async () => await place[Symbol.asyncDispose]());

/** As between the load and the step "index", with rows that another program has written. */
async function brokenBy(down: string, name: string, rows: string): Promise<unknown> {
  await place.target.script(`
    update nextcrm_migration.suspended set restored = false where name = '${name}'; ${down};
    update nextcrm_migration.run set step = 'index'; ${rows}`);
  try {
    await restoreKeysAndIndexes(place.target, nextcrm, silent, signal);
    return null;
  } catch (error) {
    return error;
  }
}

function isModified(error: unknown, name: string): void {
  assert.instance(error, Failure);
  assert.is((error as Failure).code, 'TARGET_MODIFIED');
  assert.is((error as Failure).exit, 4);
  assert.match((error as Failure).message, name);
}

test('a dangling reference', async () => {
  const name = 'Boards_user_fkey';
  const error = await brokenBy(
    `alter table public."Boards" drop constraint "${name}"`,
    name,
    `insert into public."Boards" (id, __v, description, title, "user") values (gen_random_uuid(), 0, 'd', 't', gen_random_uuid())`,
  );
  isModified(error, name);
  await place.target.script('delete from public."Boards"');
  await restoreKeysAndIndexes(place.target, nextcrm, silent, signal);
});

test('a value that must be unique', async () => {
  const name = 'Users_email_key';
  const error = await brokenBy(`drop index public."${name}"`, name, `update public."Users" set email = 'same@x.org'`);
  isModified(error, name);
});

test.run();
