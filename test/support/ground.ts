/** A volume, a dump that may be rewritten, and a target that is ready to be loaded. */
import { join } from 'node:path';
import type { Session } from '../../src/target/session.ts';
import { type DumpContent, writeDump } from './dump.ts';
import { loadableDatabase } from './loadable-database.ts';
import type { TestDatabase } from './postgres.ts';
import { dumpUrl, type Ended, type Workplace, workplace } from './program.ts';
import { testSession } from './session.ts';

export interface Ground extends AsyncDisposable {
  readonly place: Workplace;
  readonly database: TestDatabase;
  readonly session: Session;
  /** Writes the dump. */
  write(source: DumpContent): Promise<void>;
  run(source: DumpContent): Promise<Ended>;
  counts(sql: string): Promise<unknown>;
  findings(): Promise<readonly string[]>;
}

export async function groundOf(): Promise<Ground> {
  const place = await workplace();
  const database = await loadableDatabase();
  const session = await testSession(database.url);
  return {
    place,
    database,
    session,
    write: (source) => writeDump(join(place.folder, 'dump', 'nextcrm'), source),
    async run(source) {
      await writeDump(join(place.folder, 'dump', 'nextcrm'), source);
      return await place.run([], { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url });
    },
    counts: async (sql) => (await session.query<{ n: string }>(sql)).map(({ n }) => n),
    findings: async () =>
      (await place.report()).findings.map(({ code, collection, count }) => `${code} ${collection} ${count}`).sort(),
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}
