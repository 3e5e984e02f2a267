import { setImmediate as nextTurn } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { ServerRefusal } from '../../../src/target/errors.ts';
import type { Session } from '../../../src/target/session.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('copy out of a table');
let database: TestDatabase;
let session: Session;

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
});
test.after(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function bytesOf(query: string): Promise<number> {
  let bytes = 0;
  for await (const chunk of session.copyOut(query)) {
    bytes += chunk.length;
    // A slow reader: the driver has to pause the connection.
    await nextTurn();
  }
  return bytes;
}

test('a slow reader gets all of it, again and again, and the session continues', async () => {
  for (let round = 0; round < 300; round += 1) {
    const rows = 1 + (round % 40) * 25;
    const bytes = await bytesOf(`select repeat('x', 1000) from generate_series(1, ${rows})`);
    assert.is(bytes, 19 + rows * (2 + 4 + 1000) + 2);
    assert.equal(await session.query('select 1 as one'), [{ one: 1 }]);
  }
});

test('an error of the server rejects, and the session continues', async () => {
  let error: unknown;
  try {
    await bytesOf('select 1 / (500 - n) from generate_series(1, 1000) n');
  } catch (caught) {
    error = caught;
  }
  assert.instance(error, ServerRefusal);
  assert.equal(await session.query('select 1 as one'), [{ one: 1 }]);
});

test.run();
