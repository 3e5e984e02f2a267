/** A fresh, empty database with the rights of a superuser, on the test server. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

export async function freshDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env['TEST_DATABASE_URL'];
  if (!adminUrl) throw new Error('TEST_DATABASE_URL is not set: scripts/test starts a server and sets it');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await asAdmin(adminUrl, `create database "${name}"`);
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => asAdmin(adminUrl, `drop database if exists "${name}" with (force)`),
  };
}

async function asAdmin(adminUrl: string, statement: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
