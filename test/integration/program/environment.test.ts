/** The two URLs are all that says where and how to connect: variables that drivers and libraries read themselves change nothing. */
import { join, resolve } from 'node:path';
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('variables of drivers');

const elsewhere = {
  PGHOST: 'nowhere.invalid',
  PGHOSTADDR: '192.0.2.1',
  PGPORT: '1',
  PGDATABASE: 'nowhere',
  PGUSER: 'nobody',
  PGUSERNAME: 'nobody',
  PGPASSWORD: 'wrong',
  PGPASSFILE: '/nowhere',
  PGSERVICE: 'nowhere',
  PGSSLMODE: 'verify-full',
  PGSSL: 'require',
  PGSSLNEGOTIATION: 'direct',
  PGSSLROOTCERT: '/nowhere',
  PGREQUIRESSL: '1',
  PGCONNECT_TIMEOUT: '1',
  PGOPTIONS: '-c default_transaction_read_only=on -c search_path=nowhere',
  PGAPPNAME: 'other',
  PGCLIENTENCODING: 'LATIN1',
  PGTZ: 'Asia/Kolkata',
  PGDATESTYLE: 'SQL, DMY',
  PGPREPARE: 'false',
  PGFETCH_TYPES: 'true',
  PGMAX_PIPELINE: '1',
  PGDEBUG: 'true',
  PGBACKOFF: '9',
  NODE_PG_FORCE_NATIVE: '1',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  MONGODB_LOG_ALL: 'trace',
  MONGODB_LOG_PATH: 'stdout',
  DEBUG: '*',
  PRISMA_CLIENT_ENGINE_TYPE: 'binary',
};

for (const session of ['any', 'standby'] as const) {
  test(`the variables of libpq and others, and PGTARGETSESSIONATTRS=${session}, change nothing`, async () => {
    await using database = await freshDatabase();
    await using place = await workplace();
    await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: [{ _id: new ObjectId(), email: 'canary@example.com' }] });
    const { exit, output } = await place.run([], {
      ...elsewhere,
      PGTARGETSESSIONATTRS: session,
      MONGODB_URL: dumpUrl(join(place.folder, 'dump')),
      DATABASE_URL: database.url,
    });
    assert.is(exit, 0, output);
    assert.not.match(output, /canary|warning/i);
  });
}

for (const [what, TMPDIR, HOME] of [
  ['do not exist, or cannot be written', 'none', '/proc/none'],
  ['are files, or not named', 'dump/nextcrm/Users.bson', ''],
  ['are devices', '/dev/null', '/dev/full'],
] as const) {
  test(`a temporary folder and a home that ${what} change nothing`, async () => {
    await using database = await freshDatabase();
    await using place = await workplace();
    await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: [{ _id: new ObjectId(), email: 'canary@example.com' }] });
    const { exit, output } = await place.run([], {
      TMPDIR: resolve(place.folder, TMPDIR),
      HOME,
      MONGODB_URL: dumpUrl(join(place.folder, 'dump')),
      DATABASE_URL: database.url,
    });
    assert.is(exit, 0, output);
  });
}

test.run();
