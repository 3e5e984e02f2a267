/** Databases that the program migrated and the app's own 43 migrations then upgraded: made once a file, copied for each test. */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { handOver } from '../../../src/prisma/history.ts';
import { appPrisma } from '../../support/app-release.ts';
import type { DumpContent } from '../../support/dump.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { appFolder, deployFrom } from '../../support/prisma.ts';
import { testSession } from '../../support/session.ts';
import { migrated } from '../validate/migrated.ts';

export interface Template extends AsyncDisposable {
  /** A database of its own with the same content. */
  copy(): Promise<TestDatabase>;
}

/** As a finished run leaves it. */
export async function preparedTemplate(content: DumpContent): Promise<Template> {
  const place = await migrated(content);
  await handOver(place.target, nextcrm.migrations);
  await place.target.script(
    `update nextcrm_migration.run set step = 'finished', finished_at = now(), verdict = 'success', exit_code = 0`,
  );
  await place.target[Symbol.asyncDispose]();
  return {
    copy: () => copyOf(place.database.url),
    [Symbol.asyncDispose]: async () => {
      await place.source[Symbol.asyncDispose]();
      await place.database[Symbol.asyncDispose]();
    },
  };
}

/** The app's own migrations, as its container applies them. */
export async function deployApp(url: string): Promise<void> {
  const folder = join(appPrisma, 'migrations');
  const names = (await readdir(folder)).filter((name) => /^\d/.test(name));
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name, 'migration.sql'), 'utf8')] as const),
  );
  await using app = await appFolder(Object.fromEntries(texts));
  const { exitCode, stdout, stderr } = await deployFrom(app.path, url);
  if (exitCode !== 0) throw new Error(`the app's own migrate deploy ended with ${exitCode}: ${stdout}${stderr}`);
}

/** After `deployApp`, of what `prepared` gives. */
export async function upgradedTemplate(prepared: Template): Promise<Template> {
  const database = await prepared.copy();
  await deployApp(database.url);
  return { copy: () => copyOf(database.url), [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

async function copyOf(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(template);
  const original = url.pathname.slice(1);
  url.pathname = `/${name}`;
  await admin(template, `create database "${name}" template "${original}"`);
  return { url: url.href, [Symbol.asyncDispose]: () => admin(template, `drop database if exists "${name}" with (force)`) };
}

async function admin(url: string, statement: string): Promise<void> {
  const at = new URL(url);
  at.pathname = '/postgres';
  const sql = postgres(at.href, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

/** The rows as plain objects. */
export async function ask(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  await using session = await testSession(url);
  return (await session.query(text)).map((row) => ({ ...row }));
}

export async function change(url: string, text: string): Promise<void> {
  await using session = await testSession(url);
  await session.script(text);
}
