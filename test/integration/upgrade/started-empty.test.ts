/** NextCRM was started on the empty target before the migration. */
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { Failure } from '../../../src/failure.ts';
import { checkNotStarted } from '../../../src/preconditions/started-empty.ts';
import type { Session } from '../../../src/target/session.ts';
import { makeHandedOver } from '../../support/app-record.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a target on which NextCRM was started before');
let database: TestDatabase;
let session: Session;

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
  await makeHandedOver(session);
});
test.after(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function refusal(): Promise<Failure | null> {
  try {
    await checkNotStarted(session, nextcrm);
    return null;
  } catch (error) {
    assert.instance(error, Failure);
    return error as Failure;
  }
}

const later = `insert into public._prisma_migrations (id, checksum, migration_name, finished_at) values ('l', 'x', '20260320000000_x', now());
  create table "Invoice_Series" (id uuid); insert into "Invoice_Series" values (gen_random_uuid())`;
const user = (email: string) => `insert into "Users" (id, email, "__v") values (gen_random_uuid(), '${email}', 0)`;

test('nothing is said of a target without later migrations', async () => {
  assert.is(await refusal(), null);
});

test('what the first start has put into it is not counted, and the commands to begin again are given', async () => {
  await session.script(`${later}; ${user('admin@example.com')}`);
  const failure = await refusal();
  assert.equal([failure?.code, failure?.exit], ['TARGET_UPGRADED', 4]);
  assert.match(failure?.message ?? '', /nothing but what that first start puts into it.*Nothing was changed/);
  assert.match(failure?.next ?? '', /docker volume rm/);
  assert.match(failure?.next ?? '', new RegExp(`DROP DATABASE "${new URL(database.url).pathname.slice(1)}" WITH`));
  assert.not.match(failure?.next ?? '', /backup/);
});

test('a stage of the funnel more than the seed makes was entered by people', async () => {
  const stages = (count: number) =>
    session.script(
      `insert into "crm_Opportunities_Sales_Stages" (id, "__v", name) select gen_random_uuid(), 0, n::text from generate_series(1, ${count}) n`,
    );
  await stages(9);
  assert.match((await refusal())?.message ?? '', /nothing but what that first start puts into it/);
  await stages(1);
  assert.match((await refusal())?.message ?? '', /it contains: crm_Opportunities_Sales_Stages \(10 rows\)/);
  await session.script('delete from "crm_Opportunities_Sales_Stages"');
});

test('what people have entered is named with its number of rows, and without its values', async () => {
  await session.script(
    `${user('CANARY@example.com')}; insert into "crm_Accounts" (id, "__v", name) values (gen_random_uuid(), 0, 'CANARY')`,
  );
  const failure = await refusal();
  assert.match(failure?.message ?? '', /it contains: Users \(2 rows\), crm_Accounts \(1 row\)\./);
  assert.match(failure?.next ?? '', /^Make a backup first/);
  assert.not.match(`${failure?.message} ${failure?.next}`, /CANARY/);
});

test.run();
