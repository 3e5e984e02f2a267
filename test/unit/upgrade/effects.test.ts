import * as assert from 'uvu/assert';
import { effectsOf, isOneTransaction } from '../../../src/upgrade/effects.ts';
import { statementsOf } from '../../../src/upgrade/sql-tokens.ts';
import { suite } from '../../support/suite.ts';

const test = suite('what a migration leaves in the catalog');

test('a semicolon or keyword in a comment, a literal, a name or a body in dollar quotes is no statement', () => {
  const script = `-- DROP TABLE "a";
    /* DROP TABLE b; */ SELECT 'DROP TABLE c; ''' || "d;""e" , E'f;';
    DO $$ BEGIN DROP TABLE g; END $$; DO $x$ DROP TABLE h; $$ ; $x$;`;
  assert.is(statementsOf(script).length, 3);
  assert.equal(effectsOf(script), []);
});

test('tables, types, indexes, columns, constraints and labels are seen, created and dropped', () => {
  const script = `CREATE TABLE IF NOT EXISTS "T" ("a" DECIMAL(18,2), CONSTRAINT "T_pkey" PRIMARY KEY ("a"));
    CREATE TYPE public."E" AS ENUM ('x'); DROP TYPE IF EXISTS f;
    CREATE UNIQUE INDEX "i" ON "T"("a"); CREATE INDEX ON "T" USING hnsw (a); DROP INDEX IF EXISTS "j", k;
    ALTER TABLE ONLY "T" ADD COLUMN IF NOT EXISTS "b" DECIMAL(18,2) DEFAULT 0, DROP COLUMN IF EXISTS "c", ADD d TEXT,
      ADD CONSTRAINT "T_b_fkey" FOREIGN KEY ("b") REFERENCES "U"("id"), ALTER COLUMN "e" SET DATA TYPE DECIMAL(18,2);
    ALTER TABLE "T" RENAME COLUMN "g" TO "h"; ALTER TYPE "E" ADD VALUE IF NOT EXISTS 'y''z';`;
  const effects = effectsOf(script).join('\n');
  for (const part of [
    `to_regclass('public."T"') is not null`,
    `to_regtype('public."E"') is not null`,
    `to_regtype('public."f"') is null`,
    `to_regclass('public."i"') is not null`,
    `to_regclass('public."j"') is null`,
    `to_regclass('public."k"') is null`,
    `conname = 'T_b_fkey'`,
    `enumlabel = 'y''z'`,
  ])
    assert.ok(effects.includes(part), part);
  for (const name of ['b', 'd', 'h']) assert.match(effects, new RegExp(`^exists .*attname = '${name}'`, 'm'));
  for (const name of ['c', 'g']) assert.match(effects, new RegExp(`^not exists .*attname = '${name}'`, 'm'));
  assert.is(effectsOf(script).length, 13);
});

test('what a later statement undoes does not count', () => {
  assert.equal(effectsOf('CREATE TABLE "a" (); DROP TABLE "a";'), [`to_regclass('public."a"') is null`]);
  assert.equal(effectsOf('DROP TABLE IF EXISTS "a" CASCADE; CREATE TABLE "a" ();'), [`to_regclass('public."a"') is not null`]);
});

test('a script is one transaction unless it ends one before its end, or has what stands alone', () => {
  for (const script of [
    '',
    'SELECT 1',
    'BEGIN; SELECT 1; COMMIT;',
    'SELECT 1; -- COMMIT;\n',
    'DO $$ BEGIN END $$;',
    'SELECT 1; COMMIT',
  ])
    assert.is(isOneTransaction(script), true, script);
  for (const script of [
    'BEGIN; SELECT 1; COMMIT; SELECT 2',
    'BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT',
    'SELECT 1; BEGIN; SELECT 2; COMMIT',
    'CREATE INDEX CONCURRENTLY i ON t (a)',
    'VACUUM t',
  ])
    assert.is(isOneTransaction(script), false, script);
});

test.run();
