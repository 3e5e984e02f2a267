/** The database that `loadableDatabase` copies: one for all test files of a run, on whatever server they use. */
import { env } from 'node:process';
import postgres from 'postgres';

/** The environment variable with its name. */
export const templateVariable = 'TEST_TEMPLATE';

/** What a test file that was stopped did not finish, too. */
export async function dropTemplate(): Promise<void> {
  const sql = postgres(env['TEST_DATABASE_URL'] ?? '', { max: 1, onnotice: () => undefined });
  try {
    for (const name of [env[templateVariable], unfinished(env[templateVariable] ?? '')])
      await sql.unsafe(`drop database if exists "${name}" with (force)`);
  } finally {
    await sql.end();
  }
}

/** Its name while its tables are being made. */
export const unfinished = (name: string): string => `${name}_unfinished`;
