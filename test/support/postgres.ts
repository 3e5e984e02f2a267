/** A fresh, empty database with the rights of a superuser, on the test server. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

export interface Login {
  /** The URL then names a superuser of its own with this password; else the server's, however that logs in. */
  readonly password?: string;
}

export async function freshDatabase({ password }: Login = {}): Promise<TestDatabase> {
  const adminUrl = process.env['TEST_DATABASE_URL'];
  if (!adminUrl) throw new Error('TEST_DATABASE_URL is not set: scripts/test starts a server and sets it');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await asAdmin(adminUrl, `create database "${name}"`);
  if (password !== undefined) {
    url.username = name;
    url.password = encodeURIComponent(password);
    await asAdmin(adminUrl, `create role "${name}" superuser login password '${password.replaceAll("'", "''")}'`);
  }
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await asAdmin(adminUrl, `drop database if exists "${name}" with (force)`);
      await asAdmin(adminUrl, `drop role if exists "${name}"`);
    },
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
