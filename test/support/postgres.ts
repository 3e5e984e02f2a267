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
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(urlOf(name));
  await onServer(`create database "${name}"`);
  if (password !== undefined) {
    url.username = name;
    url.password = encodeURIComponent(password);
    await onServer(`create role "${name}" superuser login password '${password.replaceAll("'", "''")}'`);
  }
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await onServer(`drop database if exists "${name}" with (force)`);
      await onServer(`drop role if exists "${name}"`);
    },
  };
}

/** `database` on the test server. */
export function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

/** The test server, as its superuser. */
export function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('TEST_DATABASE_URL is not set: scripts/test starts a server and sets it');
  return url;
}

/** As its superuser. */
export async function onServer(statement: string): Promise<void> {
  const sql = postgres(serverUrl(), { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
