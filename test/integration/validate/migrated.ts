/** A finished target, made by the program's own steps from a dump, for validation to look at. */

import { join } from 'node:path';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import type { Progress } from '../../../src/progress/progress.ts';
import { withFormerNames } from '../../../src/source/former-names.ts';
import { openSource } from '../../../src/source/open.ts';
import type { Source } from '../../../src/source/source.ts';
import type { Run } from '../../../src/state/run.ts';
import { check } from '../../../src/steps/check.ts';
import { restoreKeysAndIndexes } from '../../../src/steps/index.ts';
import { link } from '../../../src/steps/link.ts';
import { load } from '../../../src/steps/load/load.ts';
import { resolve } from '../../../src/steps/resolve/resolve.ts';
import { makeSchema } from '../../../src/steps/schema.ts';
import type { Session } from '../../../src/target/session.ts';
import type { TargetReader } from '../../../src/validate/target-reader.ts';
import type { ModelRead } from '../../../src/validate/types/types.ts';
import { type ValidationResult, validate } from '../../../src/validate/validate.ts';
import { type DumpContent, type TemporaryFolder, temporaryFolder, writeDump } from '../../support/dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { testSession } from '../../support/session.ts';

export const silent: Progress = {
  expect: () => undefined,
  begin: () => undefined,
  advance: () => undefined,
  end: () => undefined,
  note: () => undefined,
};
const { signal } = new AbortController();

export interface Migrated extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly source: Source;
  readonly target: Session;
  readonly run: Run;
  /** Validation as it is, over the target's one connection: inside the transaction that is open there. */
  proved(options?: {
    readonly models?: readonly ModelRead[];
    readonly target?: TargetReader;
    readonly source?: Source;
    /** When the migration ended: not yet, unless it is said. */
    readonly finishedAt?: Date | null;
    readonly upgraded?: boolean;
  }): Promise<ValidationResult>;
}

/** Everything up to and with the step "index". `through`: what the source is put through before anything reads it. */
export async function migrated(content: DumpContent, through = (source: Source): Source => source): Promise<Migrated> {
  const folder: TemporaryFolder = await temporaryFolder();
  await writeDump(join(folder.path, 'nextcrm'), content);
  const database = await freshDatabase();
  const source = through(await openSource(`${folder.url}/nextcrm`, { signal }));
  const run = await migrate(await withFormerNames(source, nextcrm), database.url);
  const target = await testSession(database.url);
  return {
    database,
    source,
    target,
    run,
    proved: ({ models = [], finishedAt = null, ...other } = {}) =>
      validate({
        catalog: nextcrm,
        source,
        target,
        run: { ...run, finishedAt },
        progress: silent,
        signal,
        upgraded: false,
        readModels: async () => models,
        ...other,
      }),
    [Symbol.asyncDispose]: async () => {
      await target[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function migrate(source: Source, url: string): Promise<Run> {
  await using session = await testSession(url);
  const { run } = await check(session, source, nextcrm, 'test');
  await makeSchema(session, nextcrm, url, silent, signal);
  await load({ session, catalog: nextcrm, source, run, progress: silent, signal, committed: async () => undefined });
  await resolve({ session, catalog: nextcrm, source, run, progress: silent, signal });
  await link(session, nextcrm);
  await restoreKeysAndIndexes(session, nextcrm, silent, signal);
  return run;
}
