/**
 * Target databases that stand at the step "load": the tables made by Prisma's CLI once, then copied by the server for each
 * scenario. What the copies skip, starting the CLI, takes most of the time of a small migration.
 */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { nextcrm } from '../../src/catalog/nextcrm.ts';
import { createRun } from '../../src/state/transitions.ts';
import { makeSchema } from '../../src/steps/schema.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';
import { silent } from './progress.ts';
import { testSession } from './session.ts';

export interface Template extends AsyncDisposable {
  /** A database of its own, ready for the load of a dump of the database `nextcrm`. */
  copy(): Promise<TestDatabase>;
}

export async function scenarioTemplate(): Promise<Template> {
  const made = await freshDatabase();
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  {
    await using session = await testSession(made.url);
    await createRun(session, {
      appliance: version,
      sourceKind: 'dump',
      sourceDatabase: 'nextcrm',
      sourceDescription: 'mongodump folder',
    });
    await makeSchema(session, nextcrm, made.url, silent, new AbortController().signal);
  }
  const template = new URL(made.url).pathname.slice(1);
  return {
    copy: () => copyOf(made.url, template),
    [Symbol.asyncDispose]: () => made[Symbol.asyncDispose](),
  };
}

async function copyOf(templateUrl: string, template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  await onServer((sql) => sql.unsafe(`create database "${name}" template "${template}"`));
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await onServer((sql) => sql.unsafe(`drop database if exists "${name}" with (force)`));
    },
  };
}

async function onServer(work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(process.env['TEST_DATABASE_URL'] ?? '', { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
