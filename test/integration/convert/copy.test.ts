/** The bytes that the conversion makes are what a real server takes, and what it then says is what the documents held. */
import { pipeline } from 'node:stream/promises';
import { Binary, Decimal128, type Document, Long, MaxKey, ObjectId, serialize } from 'bson';
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import type { CollectionSpec } from '../../../src/catalog/index.ts';
import { collectionConverter } from '../../../src/convert/collection.ts';
import type { CopyData, EncodedBatch } from '../../../src/convert/encoded-batch.ts';
import { jsonDepthMax } from '../../../src/convert/kinds/jsonb.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { randomText, randomValue, seeded, seedOfRun } from '../../support/random-bson.ts';
import { int64, nested, rawDocument, rawString } from '../../support/raw-bson.ts';
import { suite } from '../../support/suite.ts';

const test = suite('convert: into a real server');

const spec: CollectionSpec = {
  collection: 'things',
  columns: {
    u: { kind: 'uuid' },
    t: { kind: 'text' },
    i: { kind: 'integer' },
    l: { kind: 'bigint' },
    b: { kind: 'boolean' },
    d: { kind: 'timestamp' },
    e: { kind: 'enum', labels: ['ON', 'OFF'] },
    j: { kind: 'jsonb' },
    ta: { kind: 'text[]' },
    ua: { kind: 'uuid[]' },
  },
  links: { friends: { junction: 'F', side: 'left', partner: 'things' } },
};

const tables = `
  create type state as enum ('ON', 'OFF');
  create table things (id uuid primary key, u uuid, t text, i integer, l bigint, b boolean, d timestamp(3), e state, j jsonb, ta text[], ua uuid[]);
  create table change (collection text not null, source_id text not null, field text not null, code text not null, original text);
  create table leftover (collection text not null, source_id text not null, field text, value text not null);
  create table reject (collection text not null, source_id text not null, code text not null, field text, document text not null, bson bytea not null, reason text, correction text);
  create table link (collection text not null, field text not null, id uuid not null, partner uuid not null, original text);
  create table id_map (collection text not null, source_id text not null, id uuid not null);
  create table lookup (collection text not null, id uuid not null, field text not null, original text not null, taken uuid not null, hashed uuid not null);`;

let database: TestDatabase;
let sql: postgres.Sql;

test.before(async () => {
  database = await freshDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(tables);
});

test.after(async () => {
  await sql.end();
  await database[Symbol.asyncDispose]();
});

test.beforeEach(async () => {
  await sql`truncate things, change, leftover, reject, link, id_map, lookup`;
});

/** The signature, no flags, no header extension; the trailer is -1 in place of a count of fields. */
const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const trailer = Buffer.of(0xff, 0xff);

async function copy(table: string, data: CopyData): Promise<void> {
  const stream = await sql.unsafe(`copy ${table} from stdin (format binary)`).writable();
  await pipeline([header, Buffer.from(data.bytes), trailer], stream);
  const [row] = await sql.unsafe(`select count(*)::int as rows from ${table}`);
  assert.equal(row, { rows: data.rows }, table);
}

async function load(...documents: readonly (Document | Uint8Array)[]): Promise<EncodedBatch> {
  const raw = documents.map((document) => (document instanceof Uint8Array ? document : serialize(document)));
  const batch = collectionConverter(spec, { startedAt: new Date() })(raw);
  await copy('things', batch.rows);
  await copy('change', batch.changes);
  await copy('leftover', batch.leftovers);
  await copy('reject', batch.rejects);
  await copy('link', batch.links);
  await copy('id_map', batch.ids);
  await copy('lookup', batch.lookups);
  return batch;
}

const id = (number: number) => new ObjectId(number.toString(16).padStart(24, '0'));

test('one value of each kind arrives as it was', async () => {
  const when = new Date('1969-02-03T04:05:06.789Z');
  await load({
    _id: id(0x123456),
    u: id(0xabcdef),
    t: 'a\\N\t\\.\n',
    i: -5,
    l: Long.MIN_VALUE,
    b: true,
    d: when,
    e: 'off',
    j: { a: [id(1), when, Decimal128.fromString('1.10'), new MaxKey()] },
    ta: ['', 'NULL', '{}', ',"', '\\'],
    ua: [id(1), id(2), id(1)],
  });
  const rows = await sql`select id, u, t, i, l::text, b, d::text, e::text, j, ta, ua::text[] from things`;
  assert.equal(
    [...rows],
    [
      {
        id: '00000000-0000-8000-8000-123456000000',
        u: '00000000-0000-8000-8000-abcdef000000',
        t: 'a\\N\t\\.\n',
        i: -5,
        l: '-9223372036854775808',
        b: true,
        d: '1969-02-03 04:05:06.789',
        e: 'OFF',
        j: {
          a: [
            { $oid: '000000000000000000000001' },
            { $date: { $numberLong: String(when.getTime()) } },
            { $numberDecimal: '1.10' },
            { $maxKey: 1 },
          ],
        },
        ta: ['', 'NULL', '{}', ',"', '\\'],
        ua: [
          '00000000-0000-8000-8000-000001000000',
          '00000000-0000-8000-8000-000002000000',
          '00000000-0000-8000-8000-000001000000',
        ],
      },
    ],
  );
});

test('timestamps arrive at both ends of the range', async () => {
  const at = (number: number, milliseconds: bigint) =>
    rawDocument({ type: 7, name: '_id', value: Buffer.from(id(number).id) }, { type: 9, name: 'd', value: int64(milliseconds) });
  const instants = [-210_866_803_200_000n, -1n, 0n, 253_402_300_800_000n, 8_640_000_000_000_001n, 9_224_318_015_999_999n];
  await load(...instants.map((instant, index) => at(index, instant)));
  const rows = await sql`select (extract(epoch from d) * 1000)::numeric(30)::text as ms, d::text from things order by id`;
  assert.equal(
    rows.map(({ ms }) => BigInt(ms)),
    instants,
  );
  const texts = rows.map(({ d }) => d);
  assert.equal([texts.at(0), texts.at(-1)], ['4714-11-24 00:00:00 BC', '294276-12-31 23:59:59.999']);
});

test('every stream of the ledger is taken', async () => {
  const batch = await load(
    { _id: 'me', u: '0123456789abcdef01234567', t: 5, more: { a: 'x\0' }, friends: [id(1), 'you'], ta: [null, 'x'] },
    rawDocument(
      { type: 7, name: '_id', value: Buffer.from(id(1).id) },
      { type: 2, name: 't', value: rawString(Buffer.of(0xff, 0, 0x61)) },
    ),
    { nobody: 1 },
  );
  for (const data of [batch.changes, batch.leftovers, batch.rejects, batch.links, batch.ids, batch.lookups])
    assert.ok(data.rows > 0);
  const [text] = await sql`select t from things where t like '%a'`;
  assert.equal(text, { t: '\uFFFDa' });
  const [reject] = await sql`select document::json->>'nobody' as nobody, reason, encode(bson, 'hex') as bson from reject`;
  assert.equal(reject, { nobody: '1', reason: null, bson: Buffer.from(serialize({ nobody: 1 })).toString('hex') });
  const [leftover] = await sql`select field, value from leftover`;
  assert.equal(leftover, { field: 'more', value: '{"a":"x\\u0000"}' });
});

test('jsonb takes the greatest depth with the smallest stack that a server can have, and prints it', async () => {
  await sql`set max_stack_depth = '100kB'`;
  const j = (levels: number, type: 3 | 4) => ({ type, name: 'j', value: nested(levels, type) });
  const document = (number: number, levels: number, type: 3 | 4) =>
    rawDocument({ type: 7, name: '_id', value: Buffer.from(id(number).id) }, j(levels, type));
  await load(
    document(1, jsonDepthMax, 3),
    document(2, jsonDepthMax, 4),
    document(3, jsonDepthMax + 1, 3),
    document(4, 1_000_000, 4),
  );
  const rows =
    await sql`select jsonb_typeof(j) as type, length(j::text) as length, j = j::text::jsonb as same from things order by id`;
  assert.equal(
    rows.map(({ type, same }) => [type, same]),
    [
      ['object', true],
      ['array', true],
      ['string', true],
      ['string', true],
    ],
  );
  await sql`reset max_stack_depth`;
});

test('random values in every column are taken, and each document is a row', async () => {
  const seed = seedOfRun();
  const random = seeded(seed);
  const fields = [...Object.keys(spec.columns), ...Object.keys(spec.links), 'more', 'other'];
  const documents = Array.from({ length: 3000 }, (_, index) => {
    const entries = fields.filter(() => random.below(4) > 0).map((field) => [field, randomValue(random)]);
    return { _id: index % 2 === 0 ? id(index) : `${index}${randomText(random)}`, ...Object.fromEntries(entries) };
  });
  const batch = await load(...documents);
  assert.is(batch.loaded, documents.length, `seed ${seed}`);
});

test('a text of 16 MB and a binary of 16 MB are taken', async () => {
  await load({ _id: id(1), t: 'ž'.repeat(8_000_000) }, { _id: id(2), j: new Binary(Buffer.alloc(16_000_000)) });
  const rows =
    await sql`select length(t) as characters, octet_length(j #>> '{$binary,base64}') as digits from things order by id`;
  assert.equal(
    [...rows],
    [
      { characters: 8_000_000, digits: null },
      { characters: null, digits: 21_333_336 },
    ],
  );
});

test.run();
