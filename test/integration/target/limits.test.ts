/** A limit of the server's settings that the work reaches. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('limits of the server');

test('a limit that is reached is TARGET_LIMIT, with the setting', async () => {
  await using database = await freshDatabase();
  const role = `limited_${randomBytes(4).toString('hex')}`;
  const admin = postgres(database.url, { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(`create role "${role}" login password 'x'; alter role "${role}" set temp_file_limit = '64kB'`);
    await using session = await testSession(Object.assign(new URL(database.url), { username: role, password: 'x' }).href);
    await session.script(`set work_mem = '64kB'`);
    const error = await session.query('select g from generate_series(1, 100000) g order by -g').then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.instance(error, Failure);
    assert.equal([(error as Failure).code, (error as Failure).exit], ['TARGET_LIMIT', 4]);
    assert.match((error as Failure).message, '(setting temp_file_limit)');
    assert.match((error as Failure).next, 'ALTER ROLE');
  } finally {
    await admin.unsafe(`drop role "${role}"`);
    await admin.end();
  }
});

test.run();
