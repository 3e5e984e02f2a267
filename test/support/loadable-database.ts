/**
 * Target databases that stand at the step "load" of a dump of the database `nextcrm`. The tables are made once for all test files of a
 * run of scripts/test, which names the template and drops it; each test gets a copy, made by the server in a twentieth of the time.
 */
import { readFile } from 'node:fs/promises';
import { env, pid } from 'node:process';
import postgres from 'postgres';
import { nextcrm } from '../../src/catalog/nextcrm.ts';
import { createRun } from '../../src/state/transitions.ts';
import { makeSchema } from '../../src/steps/schema.ts';
import { copyOfDatabase } from './database-copy.ts';
import { serverUrl, type TestDatabase, urlOf } from './postgres.ts';
import { silent } from './progress.ts';
import { testSession } from './session.ts';
import { templateVariable, unfinished } from './template.ts';

let template: Promise<string> | null = null;

export async function loadableDatabase(): Promise<TestDatabase> {
  template ??= templateUrl();
  return await copyOfDatabase(await template);
}

/** Made by the first test file that needs it; the others wait for it. */
async function templateUrl(): Promise<string> {
  const name = env[templateVariable] ?? `test_template_${pid}`;
  const sql = postgres(serverUrl(), { max: 1, onnotice: () => undefined });
  const session = await sql.reserve();
  try {
    await session`select pg_advisory_lock(hashtext(${name}))`;
    const [made] = await session`select from pg_database where datname = ${name}`;
    if (made === undefined) {
      await session.unsafe(`drop database if exists "${unfinished(name)}"`);
      await session.unsafe(`create database "${unfinished(name)}"`);
      await makeTables(urlOf(unfinished(name)));
      await session.unsafe(`alter database "${unfinished(name)}" rename to "${name}"`);
    }
    return urlOf(name);
  } finally {
    session.release();
    await sql.end();
  }
}

async function makeTables(url: string): Promise<void> {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  await using session = await testSession(url);
  await createRun(session, {
    appliance: version,
    sourceKind: 'dump',
    sourceDatabase: 'nextcrm',
    sourceDescription: 'mongodump folder',
  });
  await makeSchema(session, nextcrm, url, silent, new AbortController().signal);
}
