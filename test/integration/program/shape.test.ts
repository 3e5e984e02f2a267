/**
 * What keeps the load as fast as the server, without a clock: how often it waits for an answer, how often the source is read, and how
 * much memory a document costs. docs/performance.md has the figures in time.
 */

import { join } from 'node:path';
import { GCProfiler } from 'node:v8';
import * as assert from 'uvu/assert';
import { accountsOnly, type Plan, wholeDatabase } from '../../../scripts/sample/plan.ts';
import { writeSample } from '../../../scripts/sample/sample.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { withFormerNames } from '../../../src/source/former-names.ts';
import { openSource } from '../../../src/source/open.ts';
import type { Source } from '../../../src/source/source.ts';
import type { Run } from '../../../src/state/run.ts';
import { check } from '../../../src/steps/check.ts';
import { restoreKeysAndIndexes } from '../../../src/steps/index.ts';
import { link } from '../../../src/steps/link.ts';
import { load } from '../../../src/steps/load/load.ts';
import { resolve } from '../../../src/steps/resolve/resolve.ts';
import { makeSchema } from '../../../src/steps/schema.ts';
import type { Session } from '../../../src/target/session.ts';
import { readSuspended } from '../../../src/target/suspended.ts';
import { validate } from '../../../src/validate/validate.ts';
import { temporaryFolder } from '../../support/dump.ts';
import { summary } from '../../support/outcome.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { type ClientMessage, startProxy } from '../../support/proxy.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { silent } from '../validate/migrated.ts';

const test = suite('shape of a run');
const { signal } = new AbortController();

interface Made extends AsyncDisposable {
  readonly source: Source;
  readonly databaseUrl: string;
}

/** A clean dump of the sample and an empty database. */
async function made(plan: Plan): Promise<Made> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  for await (const _ of writeSample({ out: join(folder.path, 'dump'), seed: 1, plan, dirt: 'none', gzip: false }));
  const database = stack.use(await freshDatabase());
  const source = stack.use(await openSource(`${folder.url}/dump`, { signal }));
  const kept = stack.move();
  return { source, databaseUrl: database.url, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Up to the step "load". */
async function prepared(session: Session, source: Source, url: string): Promise<Run> {
  const { run } = await check(session, source, nextcrm, 'test');
  await makeSchema(session, nextcrm, url, silent, signal);
  return run;
}

const loaded = (session: Session, source: Source, run: Run) =>
  load({ session, catalog: nextcrm, source, run, progress: silent, signal, committed: () => undefined });

/** What the program says and then waits for the answer to: a text of statements, or the Sync behind a prepared one. */
const isAsked = ({ type }: ClientMessage) => type === 'Q' || type === 'S';

/** What the load asks of the server, as the server hears it: the beginnings of the texts, empty for a prepared statement. */
async function askedByLoad(
  plan: Plan,
): Promise<{ readonly asked: readonly string[]; batchesOf(collection: string): Promise<number> }> {
  await using place = await made(plan);
  const messages: ClientMessage[] = [];
  await using proxy = await startProxy(place.databaseUrl, {
    onMessage: (message) => {
      messages.push(message);
      return 'pass';
    },
  });
  await using session = await testSession(proxy.through(place.databaseUrl));
  const run = await prepared(session, place.source, place.databaseUrl);
  messages.length = 0;
  await loaded(session, place.source, run);
  const asked = messages.filter(isAsked).map(({ text }) => text);
  const rows = await session.query<{ collection: string; batch: number }>(
    'select collection, batch::int as batch from nextcrm_migration.progress',
  );
  return { asked, batchesOf: async (name) => rows.find(({ collection }) => collection === name)?.batch ?? 0 };
}

test('a batch costs one message for each table that gets rows, and nothing is asked between two batches', async () => {
  const { asked, batchesOf } = await askedByLoad(accountsOnly(16_000));
  const isClaim = (text: string) => text.includes('call nextcrm_migration.claim_batch(');
  const first = asked.findIndex((text) => text.includes("claim_batch('crm_Accounts'"));
  const length = asked.slice(first).findIndex((text) => isClaim(text) && !text.includes("'crm_Accounts'"));
  const ofAccounts = asked.slice(first, first + length);
  const batches = await batchesOf('crm_Accounts');
  assert.ok(batches >= 3, `${batches} batches are enough to see what repeats`);

  // The few users watch accounts of the first batch alone: only there are links to be staged beside the rows.
  const later = Array.from({ length: batches - 1 }, (_, index) => `begin, claim ${index + 1}, copy rows`);
  // At the end of the collection the rejected documents are counted, and it is noted as done.
  const expected = ['begin, claim 0, copy link', 'copy rows', ...later, 'prepared', 'prepared'];
  assert.equal(ofAccounts.map(inShort), expected);
  summary(
    `messages of the load that are answered: ${batches + 1} for ${batches} batches of accounts, 2 at the end of a collection`,
  );
});

function inShort(text: string): string {
  if (text === '') return 'prepared';
  const [, claim] = /^begin; .*claim_batch\('crm_Accounts', (\d+), /.exec(text) ?? [];
  const [, table] = /^.*\bcopy (?:nextcrm_migration\.|public\.)"?(\w+)"? \(/.exec(text) ?? [];
  if (table === undefined) return text;
  return `${claim === undefined ? '' : `begin, claim ${claim}, `}copy ${table === 'crm_Accounts' ? 'rows' : table}`;
}

test('a batch of one table is one message from its begin to its commit', async () => {
  const { asked } = await askedByLoad(accountsOnly(10));
  const industries = asked.filter((text) => text.includes("claim_batch('crm_Industry_Type'"));
  assert.is(industries.length, 1);
  assert.match(industries[0] ?? '', /^begin; .*claim_batch\(.*copy public\."crm_Industry_Type" .*commit;\0?$/s);
});

test('a key or an index costs one message', async () => {
  await using place = await made(accountsOnly(10));
  const messages: ClientMessage[] = [];
  await using proxy = await startProxy(place.databaseUrl, {
    onMessage: (message) => {
      messages.push(message);
      return 'pass';
    },
  });
  await using session = await testSession(proxy.through(place.databaseUrl));
  const run = await prepared(session, place.source, place.databaseUrl);
  await loaded(session, place.source, run);
  await resolve({ session, catalog: nextcrm, source: place.source, run, progress: silent, signal });
  await link(session, nextcrm);
  const down = await readSuspended(session);
  messages.length = 0;
  await restoreKeysAndIndexes(session, nextcrm, silent, signal);
  const asked = messages.filter(isAsked).map(({ text }) => text.includes('.suspended set restored = true'));
  assert.ok(down.length > 200, `${down.length} keys and indexes`);
  assert.is(asked.lastIndexOf(true) - asked.indexOf(true) + 1, down.length);
  assert.equal(await readSuspended(session), []);
  summary(`messages of ${down.length} keys and indexes: as many`);
});

/** A source that counts how often each collection is read, and how many documents it gave. */
class CountedSource implements Source {
  readonly #inner: Source;
  readonly reads: string[] = [];
  documents = 0;

  constructor(inner: Source) {
    this.#inner = inner;
  }

  get kind() {
    return this.#inner.kind;
  }
  get database() {
    return this.#inner.database;
  }
  get description() {
    return this.#inner.description;
  }
  get version() {
    return this.#inner.version;
  }
  get unread() {
    return this.#inner.unread;
  }

  collections() {
    return this.#inner.collections();
  }

  async *read(...[collection, position, limits]: Parameters<Source['read']>) {
    this.reads.push(collection);
    for await (const batch of this.#inner.read(collection, position, limits)) {
      this.documents += batch.documents.length;
      yield batch;
    }
  }

  find(...[collection, sourceIds]: Parameters<Source['find']>) {
    if (sourceIds.size > 0) this.reads.push(collection);
    return this.#inner.find(collection, sourceIds);
  }

  isEmpty(collection: string) {
    return this.#inner.isEmpty(collection);
  }

  countApart(collection: string) {
    return this.#inner.countApart(collection);
  }

  /** What was counted since the last call. */
  taken(): { readonly reads: readonly string[]; readonly documents: number } {
    const { documents } = this;
    this.documents = 0;
    return { reads: this.reads.splice(0).sort(), documents };
  }

  [Symbol.asyncDispose]() {
    return Promise.resolve();
  }
}

/**
 * The misspelt collection and its present name are looked into again, by the load and by the proof: which ids are free, and which of the
 * documents stay under the former name. For each of the two, the ids of many batches are read ahead and asked for at once; the proof reads
 * ahead from the end of the batch that it has.
 */
const lookedIntoAgain = ['crm_campaigns', 'crm_campaigns', 'crm_campains', 'crm_campains', 'crm_campains'];
const campainsAgain = { load: 3, proof: 1 };

test('a run over clean data reads each collection twice: to load it, and to prove it', async () => {
  const plan = wholeDatabase(3_000);
  await using place = await made(plan);
  await using session = await testSession(place.databaseUrl);
  const counted = new CountedSource(place.source);
  const source = await withFormerNames(counted, nextcrm);
  const run = await prepared(session, source, place.databaseUrl);
  const documents = [...plan.counts.values()].reduce((sum, count) => sum + count, 0);
  const once = (step: 'load' | 'proof') => ({
    reads: [...plan.counts.keys(), ...lookedIntoAgain].sort(),
    documents: documents + campainsAgain[step] * (plan.counts.get('crm_campains') ?? 0),
  });
  assert.equal(counted.taken(), { reads: [], documents: 0 }, 'the checks read no document');

  await loaded(session, source, run);
  assert.equal(counted.taken(), once('load'), 'the load');

  await resolve({ session, catalog: nextcrm, source, run, progress: silent, signal });
  await link(session, nextcrm);
  await restoreKeysAndIndexes(session, nextcrm, silent, signal);
  assert.equal(counted.taken(), { reads: [], documents: 0 }, 'references, links and indexes are made inside the server');

  const result = await validate({
    catalog: nextcrm,
    source: counted,
    target: session,
    run,
    progress: silent,
    signal,
    upgraded: false,
    readModels: async () => [],
  });
  assert.is(result.findings.length, 0);
  assert.equal(counted.taken(), once('proof'), 'the proof');
});

/** Objects of JavaScript, not the buffers of batches, which are used again. Decoded to objects, an account takes 14,000. */
const heapBytesMax = 2_000;

test(`the load allocates at most ${heapBytesMax} bytes on the heap for an account`, async () => {
  const accounts = 20_000;
  await using place = await made(accountsOnly(accounts));
  await using session = await testSession(place.databaseUrl);
  const run = await prepared(session, place.source, place.databaseUrl);
  const bytes = await heapBytesAllocated(() => loaded(session, place.source, run));
  const perDocument = Math.round(bytes / accounts);
  summary(`heap of the load: ${perDocument} bytes allocated for an account`);
  assert.ok(perDocument > 0 && perDocument <= heapBytesMax, `${perDocument} bytes`);
});

/** What is in use at the end, less what was at the beginning, and all that was collected in between. */
async function heapBytesAllocated(work: () => Promise<void>): Promise<number> {
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage().heapUsed;
  await work();
  const after = process.memoryUsage().heapUsed;
  const collected = profiler
    .stop()
    .statistics.reduce(
      (sum, { beforeGC, afterGC }) => sum + beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
      0,
    );
  return after - before + collected;
}

test.run();
