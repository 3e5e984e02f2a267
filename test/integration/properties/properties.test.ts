/** Random documents of every collection through the real program: what holds for each of them, whatever it is. SEED=n repeats a run. */
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { isRejectCode } from '../../../src/findings/codes.ts';
import type { Report } from '../../../src/report/model.ts';
import { writeDump } from '../../support/dump.ts';
import { summary } from '../../support/outcome.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Ended, type Workplace, workplace } from '../../support/program.ts';
import { seeded, seedOfRun } from '../../support/random-bson.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { type Generated, generate } from './generator.ts';
import { Judge } from './judge.ts';
import { type Held, readHeld, readPairs, sourceIdOf } from './target.ts';

const test = suite('properties of random documents');
const documentsEach = process.env['TEST_LONG'] ? 2_000 : 150;

let database: TestDatabase;
let place: Workplace;
let ended: Ended;
let report: Report;
let generated: readonly Generated[];

test.before(async () => {
  generated = generate(seeded(seedOfRun()), documentsEach);
  database = await freshDatabase();
  place = await workplace();
  const content = Object.fromEntries(
    generated.map(({ spec, documents }) => [spec.collection, documents.map(({ bytes }) => bytes)]),
  );
  await writeDump(join(place.folder, 'dump', 'nextcrm'), content, { gzip: true });
  ended = await place.run([], { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url });
  report = await place.report();
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test('it ends, and only rejected documents are found', () => {
  assert.is(ended.exit, 1, ended.output);
  assert.equal(
    report.findings.filter(({ code }) => !isRejectCode(code)),
    [],
  );
  for (const [name, { status, compared }] of Object.entries(report.layers)) {
    assert.is(status, 'passed', name);
    assert.ok(compared > 0, name);
  }
});

test('every document read is loaded or rejected', () => {
  for (const { spec, documents } of generated) {
    const balance = report.collections[spec.collection];
    assert.is(balance?.read, documents.length, spec.collection);
    assert.is((balance?.loaded ?? 0) + (balance?.rejected ?? 0), documents.length, spec.collection);
    assert.ok((balance?.loaded ?? 0) > 0, `${spec.collection}: nothing was loaded`);
  }
});

test('every field is carried, changed with its original kept, or unmapped; only the rules reject', async () => {
  await using session = await testSession(database.url);
  const [run] = await session.query<{ ms: string }>(
    'select (extract(epoch from started_at) * 1000)::bigint as ms from nextcrm_migration.run',
  );
  const held = new Map<string, Held>();
  for (const { spec } of generated) held.set(spec.collection, await readHeld(session, spec));
  const sourceIds = new Map(
    generated.map(({ spec, documents }) => [spec.collection, new Set(documents.map(({ value }) => sourceIdOf(value['_id'])))]),
  );
  const wrong: string[] = [];
  const pairs = new Map<string, Set<string>>();
  const counts = { loaded: 0, rejected: 0 };
  for (const { spec, documents } of generated) {
    const of = held.get(spec.collection);
    if (of === undefined) throw new Error(`${spec.collection} was not read`);
    const judge = new Judge(spec, of, { held, sourceIds }, Number(run?.ms));
    let loaded = 0;
    for (const { value, bytes } of documents) {
      const judged = judge.judge(value, bytes);
      counts[judged.fate] += 1;
      if (judged.fate === 'loaded') loaded += 1;
      wrong.push(...judged.wrong.map((what) => `${spec.collection} ${sourceIdOf(value['_id'])} ${what}`));
    }
    if (loaded !== of.rows.size) wrong.push(`${spec.collection}: ${of.rows.size} rows of ${loaded} documents`);
    for (const [table, found] of judge.pairs) pairs.set(table, (pairs.get(table) ?? new Set()).union(found));
  }
  assert.is(wrong.length, 0, `${wrong.length} are wrong:\n${wrong.slice(0, 40).join('\n')}`);
  summary(`random documents: ${counts.loaded} loaded, ${counts.rejected} rejected, each judged field by field`);
  for (const [table, found] of await readPairs(session)) {
    assert.equal([...found].sort(), [...(pairs.get(table) ?? [])].sort(), table);
  }
});

test.run();
