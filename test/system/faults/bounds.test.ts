/** How much memory the program takes, whatever the size of the source: as the operator's page promises. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, ObjectId, serialize } from 'bson';
import * as assert from 'uvu/assert';
import { type MemoryPeak, memoryPeak, memoryUnavailable } from '../../support/memory.ts';
import { summary } from '../../support/outcome.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Workplace, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('bounds');

const long = process.env['TEST_LONG'] === '1';
const smallMany = long ? 5_000_000 : 1_000_000;
const doubledMany = long ? 200_000 : 50_000;
const largeMany = long ? 1_000 : 100;
const largeBytes = 8 * 1024 * 1024;
const ownMegabytesMax = 250;
const withChildrenMegabytesMax = 512;
const limitMs = long ? 3_000_000 : 900_000;

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));

/** Writes one after the other: none of it is kept. */
async function writeCollection(
  place: Workplace,
  collection: string,
  many: number,
  document: (n: number) => Document,
): Promise<void> {
  const folder = join(place.folder, 'dump', 'nextcrm');
  await mkdir(folder, { recursive: true });
  const file = createWriteStream(join(folder, `${collection}.bson`), { highWaterMark: 1024 * 1024 });
  for (let n = 1; n <= many; n += 1) {
    if (!file.write(serialize(document(n)))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

async function measure(place: Workplace, database: TestDatabase, exit: number): Promise<MemoryPeak> {
  const run = place.start([], { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url });
  const peak = await memoryPeak(run.process.pid ?? 0, run.ended);
  const ended = await run.ended;
  assert.is(ended.exit, exit, ended.output);
  return peak;
}

function within(what: string, { ownMegabytes, withChildrenMegabytes }: MemoryPeak): void {
  summary(`memory for ${what}: ${ownMegabytes} MB, with its children ${withChildrenMegabytes} MB`);
  assert.ok(ownMegabytes > 0 && ownMegabytes < ownMegabytesMax, `the program took ${ownMegabytes} MB`);
  assert.ok(withChildrenMegabytes < withChildrenMegabytesMax, `with its children it took ${withChildrenMegabytes} MB`);
}

const add = (name: string, body: () => Promise<void>) => test.unless(memoryUnavailable)(name, body, limitMs);

const filler = 'The quick brown fox jumps over the lazy dog. '.repeat(largeBytes / 45);

/** In a column, in a field that the catalog does not know, and in a document that is rejected: each takes another way. */
const large = (n: number): Document => {
  if (n % 3 === 0) return { _id: id(n), name: `Account ${n}`, description: filler };
  return n % 3 === 1 ? { _id: id(n), name: `Account ${n}`, pasted: filler } : { _id: id(n), description: filler };
};

add(`${largeMany} documents of 8 MB are migrated within ${ownMegabytesMax} MB`, async () => {
  await using place = await workplace();
  await using database = await freshDatabase();
  await writeCollection(place, 'crm_Accounts', largeMany, large);
  within(`${largeMany} documents of 8 MB`, await measure(place, database, 1));
  const rejected = Math.floor((largeMany + 1) / 3);
  assert.is((await place.report()).collections['crm_Accounts']?.rejected, rejected);
  within(`${rejected} of them retried`, await measure(place, database, 1));
});

add(`${smallMany} small documents are migrated within ${ownMegabytesMax} MB`, async () => {
  await using place = await workplace();
  await using database = await freshDatabase();
  await writeCollection(place, 'crm_Accounts', smallMany, (n) => ({
    _id: id(n),
    name: `Account ${n}`,
    email: `account${n}@example.com`,
    assigned_to: id(n + 1),
    unknown: n,
  }));
  within(`${smallMany} small documents`, await measure(place, database, 0));
});

/** Every second of them has the address of the one before it, and a project that it owns, shares and watches. */
const doubled = (n: number): Document => ({ _id: id(n), email: `user${(n - 1) >> 1}@example.com`, is_admin: n % 2 === 0 });
const ofDoubled = (n: number): Document => ({
  _id: id(n),
  title: `Project ${n}`,
  description: 'd',
  user: id(2 * n),
  createdBy: id(2 * n).toHexString(),
  sharedWith: [id(2 * n), id(2 * n - 1), [id(2 * n)]],
  watchers: [id(2 * n)],
});

add(`${doubledMany} users with the address of another one are merged within ${ownMegabytesMax} MB`, async () => {
  await using place = await workplace();
  await using database = await freshDatabase();
  await writeCollection(place, 'Users', 2 * doubledMany, doubled);
  await writeCollection(place, 'Boards', doubledMany, ofDoubled);
  within(`${doubledMany} merged users`, await measure(place, database, 1));
  const { findings, collections } = await place.report();
  assert.equal(
    findings.map(({ code, count }) => [code, count]),
    [['DUPLICATE_KEY', doubledMany]],
  );
  assert.is(collections['Boards']?.loaded, doubledMany);
  assert.is(collections['Boards']?.changes['REFERENCE_MERGED'], doubledMany * 5);
  if (long) within(`${doubledMany} merged users, started again`, await measure(place, database, 1));
});

test.run();
