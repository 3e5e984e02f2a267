/** The database that `loadableDatabase` copies: one for all test files of a run, on whatever server they use. */
import { env } from 'node:process';
import { onServer } from './postgres.ts';

/** The environment variable with its name. */
export const templateVariable = 'TEST_TEMPLATE';

/** What a test file that was stopped did not finish, too. */
export async function dropTemplate(): Promise<void> {
  const name = env[templateVariable] ?? '';
  for (const database of [name, unfinished(name)]) await onServer(`drop database if exists "${database}" with (force)`);
}

/** Its name while its tables are being made. */
export const unfinished = (name: string): string => `${name}_unfinished`;
