import { appendFile, chmod, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { ObjectId, serialize } from 'bson';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { requireKnownCollection } from '../../../src/preconditions/whole-source.ts';
import { openSource } from '../../../src/source/open.ts';
import type { RawDocument, Source, SourceBatch } from '../../../src/source/source.ts';
import { type DumpContent, type DumpOptions, rawDocuments, temporaryFolder, writeDump } from '../../support/dump.ts';
import { suite } from '../../support/suite.ts';

const test = suite('dump');
const signal = new AbortController().signal;
const limits = { documentsMax: 1000, bytesMax: 1 << 20 };
const some = Array.from({ length: 25 }, (_, i) => ({ _id: i, text: 'é'.repeat(i * 7) }));

/** A dump in a folder `nextcrm`, opened. */
async function withDump(content: DumpContent, options: DumpOptions, use: (source: Source, folder: string) => Promise<void>) {
  await using temporary = await temporaryFolder();
  const folder = join(temporary.path, 'nextcrm');
  await writeDump(folder, content, options);
  await use(await openSource(`file://${folder}`, { signal }), folder);
}

async function batchesOf(source: Source, collection: string, position: string | null = null, within = limits) {
  const batches: SourceBatch[] = [];
  for await (const batch of source.read(collection, position, within)) batches.push(batch);
  return batches;
}

async function documentsOf(source: Source, collection: string, position: string | null = null): Promise<Buffer> {
  return rawDocuments((await batchesOf(source, collection, position)).flatMap(({ documents }) => [...documents]));
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => assert.unreachable('it should have failed'),
    (reason: unknown) => reason,
  );
  assert.instance(error, Failure);
  return error as Failure;
}

async function opening(url: string): Promise<Failure> {
  return failureOf(openSource(url, { signal }));
}

for (const gzip of [false, true]) {
  const kind = gzip ? 'a compressed dump' : 'a plain dump';

  test(`${kind} gives the very bytes of its documents, with place and progress`, () =>
    withDump({ Users: some, empty: [] }, { gzip }, async (source) => {
      assert.equal(await documentsOf(source, 'Users'), rawDocuments(some));
      assert.equal(await batchesOf(source, 'empty'), []);
      const [batch] = await batchesOf(source, 'Users');
      const offset = rawDocuments(some.slice(0, 3)).length;
      assert.equal(batch?.place(3), { file: gzip ? 'Users.bson.gz' : 'Users.bson', offset });
      assert.is(batch?.bytesRead, rawDocuments(some).length);
    }));

  test(`${kind} is resumed after each of its documents`, () =>
    withDump({ Users: some }, { gzip }, async (source) => {
      const single = await batchesOf(source, 'Users', null, { documentsMax: 1, bytesMax: 1 << 20 });
      assert.is(single.length, some.length);
      for (const [index, { position }] of single.entries()) {
        assert.equal(await documentsOf(source, 'Users', position), rawDocuments(some.slice(index + 1)));
      }
    }));

  test(`${kind} that became shorter than what was read is refused`, () =>
    withDump({ Users: some }, { gzip }, async (source, folder) => {
      const [batch] = await batchesOf(source, 'Users');
      await writeDump(folder, { Users: some.slice(0, 3) }, { gzip });
      assert.is((await failureOf(batchesOf(source, 'Users', batch?.position))).code, 'SOURCE_CHANGED');
    }));
}

test('batches keep to the documents and bytes they may hold, and a larger document comes alone', () =>
  withDump({ c: [{ _id: 1 }, { _id: 2 }, { _id: 3 }, { _id: 4, t: 'x'.repeat(500) }, { _id: 5 }] }, {}, async (source) => {
    const sizes = async (documentsMax: number, bytesMax: number) =>
      (await batchesOf(source, 'c', null, { documentsMax, bytesMax })).map(({ documents }) => documents.length);
    assert.equal(await sizes(2, 10_000), [2, 2, 1]);
    assert.equal(await sizes(100, 30), [2, 1, 1, 1]);
    assert.equal(await sizes(100, 1), [1, 1, 1, 1, 1]);
  }));

test('documents of 16 MB and documents across the edges of chunks come whole', () => {
  const large = [
    { _id: 1, t: 'a'.repeat(16 * 1024 * 1024 - 30) },
    ...Array.from({ length: 40 }, (_, i) => ({ _id: i + 2, t: String(i).repeat(200_000) })),
    { _id: 99, t: 'b'.repeat(16 * 1024 * 1024 - 30) },
  ];
  return withDump({ c: large }, {}, async (source) => {
    assert.ok((await documentsOf(source, 'c')).equals(rawDocuments(large)));
  });
});

test('what is held of a batch is not overwritten by the batches after it', () => {
  const documents = Array.from({ length: 3000 }, (_, i) => ({ _id: i, t: String(i % 10).repeat(5000) }));
  return withDump({ c: documents }, {}, async (source) => {
    const held: RawDocument[] = [];
    for await (const batch of source.read('c', null, limits)) held.push(...batch.documents);
    assert.ok(rawDocuments(held).equals(rawDocuments(documents)));
  });
});

/** Many chunks, with documents across their edges. */
const manyChunks = Array.from({ length: 9000 }, (_, i) => ({ _id: i, t: String(i % 10).repeat(4000 + (i % 7) * 500) }));

test('the memory of released batches is used again, each batch being whole until it is released', () =>
  withDump({ c: manyChunks }, {}, async (source) => {
    const memory = new Set<ArrayBufferLike>();
    const read: Buffer[] = [];
    let before: SourceBatch | null = null;
    const take = (batch: SourceBatch | null) => {
      if (batch === null) return;
      for (const document of batch.documents) memory.add(document.buffer);
      read.push(rawDocuments([...batch.documents]));
      batch.release();
    };
    for await (const batch of source.read('c', null, limits)) {
      take(before);
      before = batch;
    }
    take(before);
    assert.ok(Buffer.concat(read).equals(rawDocuments(manyChunks)));
    assert.ok(memory.size <= 4, `${memory.size} pieces of memory`);
  }));

test('a batch that is held stays whole while those around it are released, also twice', () =>
  withDump({ c: manyChunks }, {}, async (source) => {
    const held: SourceBatch[] = [];
    const expected: Buffer[] = [];
    let turn = 0;
    for await (const batch of source.read('c', null, limits)) {
      if (turn++ % 3 === 0) {
        held.push(batch);
        expected.push(rawDocuments([...batch.documents]));
        continue;
      }
      batch.release();
      batch.release();
    }
    assert.ok(held.length > 3);
    assert.equal(Buffer.concat(expected).equals(rawDocuments(held.flatMap((batch) => [...batch.documents]))), true);
  }));

test('memory stays bounded while a large file is read', () =>
  withDump({ c: [] }, {}, async (source, folder) => {
    const hundred = rawDocuments(Array.from({ length: 100 }, () => serialize({ _id: 1, t: 'x'.repeat(1_000_000) })));
    for (let i = 0; i < 4; i++) await appendFile(join(folder, 'c.bson'), hundred);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for await (const batch of source.read('c', null, limits)) {
      assert.ok(batch.documents.length > 0);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    assert.ok(most < 150 * 1024 * 1024, `${most} bytes of buffers`);
  }));

test('find gives the wanted documents as often as they are there, in their order', () => {
  const id = new ObjectId();
  const documents = [{ _id: id, n: 1 }, { _id: 'a' }, { _id: id, n: 2 }, { _id: 'b' }];
  return withDump({ c: documents }, {}, async (source) => {
    const found: RawDocument[] = [];
    for await (const document of source.find('c', new Set([id.toHexString(), '"b"', '"not there"']))) found.push(document);
    assert.equal(rawDocuments(found), rawDocuments([{ _id: id, n: 1 }, { _id: id, n: 2 }, { _id: 'b' }]));
  });
});

test('an aborted signal ends the reading with its reason', async () => {
  await using temporary = await temporaryFolder();
  await writeDump(temporary.path, { c: some });
  const controller = new AbortController();
  const source = await openSource(temporary.url, { signal: controller.signal });
  const reason = new Error('stop');
  try {
    for await (const _ of source.read('c', null, { documentsMax: 1, bytesMax: 1 })) controller.abort(reason);
    assert.unreachable();
  } catch (error) {
    assert.is(error, reason);
  }
});

// Damage

const whole = rawDocuments(some);
const after = (bytes: Uint8Array) => Buffer.concat([whole, bytes]);
const lengthOnly = (length: number) => {
  const bytes = Buffer.alloc(64);
  bytes.writeInt32LE(length);
  return bytes;
};

const damages: readonly (readonly [what: string, bytes: Buffer, reason: RegExp])[] = [
  ['a length of 4', after(lengthOnly(4)), /invalid length of 4 bytes/],
  ['a length of 0', after(lengthOnly(0)), /invalid length of 0 bytes/],
  ['a negative length', after(lengthOnly(-5)), /invalid length of -5 bytes/],
  ['a length above the limit', after(lengthOnly(16 * 1024 * 1024 + 16 * 1024 + 1)), /invalid length of 16793601 bytes/],
  ['a length beyond the end of the file', after(lengthOnly(65)), /document of 65 bytes is truncated: the file ends after 64/],
  ['fewer bytes than a length has', after(Buffer.from([1, 2, 3])), /last 3 bytes/],
  ['a last byte that is not zero', after(Buffer.from([5, 0, 0, 0, 1, 5, 0, 0, 0, 0])), /does not end with a zero/],
];

for (const [what, bytes, reason] of damages) {
  test(`${what} ends the collection: what is before it is read, the damage is reported once`, () =>
    withDump({ c: [bytes] }, {}, async (source) => {
      const batches = await batchesOf(source, 'c', null, { documentsMax: 10, bytesMax: 1 << 20 });
      assert.equal(rawDocuments(batches.flatMap(({ documents }) => [...documents])), whole);
      const reported = batches.flatMap(({ damage }) => damage);
      assert.is(reported.length, 1);
      assert.is(reported[0]?.file, 'c.bson');
      assert.is(reported[0]?.offset, whole.length);
      assert.match(reported[0]?.reason ?? '', reason);
      assert.equal(await batchesOf(source, 'c', batches.at(-1)?.position), []);
    }));
}

test('damage in the first document gives a batch without documents', () =>
  withDump({ c: [lengthOnly(4)] }, {}, async (source) => {
    const batches = await batchesOf(source, 'c');
    assert.equal(
      batches.map(({ documents, damage }) => [documents.length, damage.length]),
      [[0, 1]],
    );
  }));

test('a document of the greatest possible length is none', () => {
  const bytes = Buffer.alloc(16 * 1024 * 1024 + 16 * 1024);
  bytes.writeInt32LE(bytes.length);
  return withDump({ c: [bytes] }, {}, async (source) => {
    const [batch] = await batchesOf(source, 'c');
    assert.equal([batch?.documents.length, batch?.damage.length], [1, 0]);
  });
});

/** gzip whose bytes up to each document's end are known: every document is flushed by itself. */
async function gzipByDocument(documents: readonly Uint8Array[]): Promise<readonly Buffer[]> {
  const gzip = createGzip();
  const parts: Buffer[] = [];
  for (const document of documents) {
    gzip.write(document);
    await new Promise<void>((resolve) => gzip.flush(constants.Z_FULL_FLUSH, resolve));
    const chunks: Buffer[] = [];
    for (let chunk = gzip.read(); chunk !== null; chunk = gzip.read()) chunks.push(chunk);
    parts.push(Buffer.concat(chunks));
  }
  return parts;
}

const raw = some.map((document) => serialize(document));

for (const kept of [0, 1, 13, 25]) {
  test(`corrupt gzip after ${kept} documents gives just these, then the damage`, () =>
    withDump({ c: raw }, { gzip: true }, async (source, folder) => {
      const parts = await gzipByDocument(raw);
      // Type 3 of a deflate block does not exist (RFC 1951, 3.2.3).
      const bytes =
        kept === 0 ? Buffer.from('no gzip at all') : Buffer.concat([...parts.slice(0, kept), Buffer.alloc(100_000, 0xff)]);
      await writeFile(join(folder, 'c.bson.gz'), bytes);
      const batches = await batchesOf(source, 'c');
      assert.equal(rawDocuments(batches.flatMap(({ documents }) => [...documents])), rawDocuments(raw.slice(0, kept)));
      const [damage, ...others] = batches.flatMap((batch) => batch.damage);
      assert.equal(others, []);
      assert.is(damage?.offset, rawDocuments(raw.slice(0, kept)).length);
      assert.match(damage?.reason ?? '', /corrupt/);
      assert.equal(await batchesOf(source, 'c', batches.at(-1)?.position), []);
    }));

  test(`gzip cut after ${kept} documents gives just these, then the damage`, () =>
    withDump({ c: raw }, { gzip: true }, async (source, folder) => {
      await writeFile(join(folder, 'c.bson.gz'), Buffer.concat((await gzipByDocument(raw)).slice(0, kept)));
      const batches = await batchesOf(source, 'c');
      assert.equal(rawDocuments(batches.flatMap(({ documents }) => [...documents])), rawDocuments(raw.slice(0, kept)));
      assert.equal(
        batches.flatMap((batch) => batch.damage),
        [
          {
            file: 'c.bson.gz',
            offset: rawDocuments(raw.slice(0, kept)).length,
            reason: 'the compressed data ends unexpectedly: the file is truncated',
          },
        ],
      );
    }));
}

test('gzip with a wrong checksum, with a cut one and with bytes behind it is damaged, its documents are read', async () => {
  const good = gzipSync(rawDocuments(raw));
  const wrong = Buffer.from(good);
  wrong.writeUInt8(wrong.readUInt8(wrong.length - 8) ^ 1, wrong.length - 8);
  const cases: readonly (readonly [Buffer, RegExp])[] = [
    [wrong, /checksum/],
    [good.subarray(0, good.length - 3), /truncated/],
    [Buffer.concat([good, Buffer.alloc(9)]), /followed/],
    [Buffer.concat([good, Buffer.alloc(200_000)]), /followed/],
  ];
  for (const [bytes, reason] of cases) {
    await withDump({ c: raw }, { gzip: true }, async (source, folder) => {
      await writeFile(join(folder, 'c.bson.gz'), bytes);
      const batches = await batchesOf(source, 'c');
      assert.equal(rawDocuments(batches.flatMap(({ documents }) => [...documents])), rawDocuments(raw));
      const [damage, ...others] = batches.flatMap((batch) => batch.damage);
      assert.equal(others, []);
      assert.match(damage?.reason ?? '', reason);
    });
  }
});

test('gzip of several members and of much smaller size than its content is read whole', () => {
  const large = Array.from({ length: 30 }, (_, i) => serialize({ _id: i, t: 'x'.repeat(2_000_000) }));
  return withDump({ c: [] }, { gzip: true }, async (source, folder) => {
    await writeFile(
      join(folder, 'c.bson.gz'),
      Buffer.concat([gzipSync(rawDocuments(large.slice(0, 9))), gzipSync(rawDocuments(large.slice(9)))]),
    );
    assert.ok((await documentsOf(source, 'c')).equals(rawDocuments(large)));
  });
});

test('metadata without its .bson file is a damage, not an empty collection', () =>
  withDump({ c: some }, {}, async (_, folder) => {
    await rm(join(folder, 'c.bson'));
    await writeDump(folder, { other: some });
    const source = await openSource(`file://${folder}`, { signal });
    const [batch] = await batchesOf(source, 'c');
    assert.match(batch?.damage[0]?.reason ?? '', /missing/);
    assert.is(batch?.damage[0]?.file, 'c.bson');
    assert.equal(await batchesOf(source, 'c', batch?.position), []);
  }));

// Folders and names

test('collections are named by their metadata, else by the decoded file name', async () => {
  const long = 'Ž'.repeat(80);
  const names = ['crm_Accounts', 'a b+c', 'x%y', 'pfad/zu', 'dollar$', 'üñí', "quote'(s)!*", 'a.b', long];
  const content = Object.fromEntries(names.map((name, i) => [name, [{ _id: i }]]));
  for (const [metadata, gzip, known] of [
    [true, true, names],
    [true, false, names],
    [false, false, names.slice(0, -1)],
  ] as const) {
    await withDump(content, { metadata, gzip }, async (source) => {
      const found = await source.collections();
      for (const name of known) {
        const collection = found.find((candidate) => candidate.name === name);
        assert.ok(collection, name);
        assert.is(collection?.uuid === null, !metadata);
        assert.is(collection?.bytes === null, gzip);
        assert.equal(await documentsOf(source, name), rawDocuments([{ _id: names.indexOf(name) }]));
      }
    });
  }
});

test('a name that is no percent-encoding stands for itself', () =>
  withDump({ c: some }, { metadata: false }, async (_, folder) => {
    await writeFile(join(folder, '100%.bson'), rawDocuments(some));
    const source = await openSource(`file://${folder}`, { signal });
    assert.equal(
      (await source.collections()).map(({ name }) => name),
      ['100%', 'c'],
    );
  }));

test('views, time series and system collections are distinguished', () =>
  withDump(
    { c: some, v: [], t: [], 'system.views': [], 'system.buckets.t': [], '$admin.system.users': [] },
    { types: { v: 'view', t: 'timeseries' } },
    async (source) => {
      const types = Object.fromEntries((await source.collections()).map(({ name, type }) => [name, type]));
      assert.equal(types, {
        c: 'collection',
        v: 'view',
        t: 'view',
        'system.views': 'system',
        'system.buckets.t': 'system',
        '$admin.system.users': 'system',
      });
    },
  ));

test("the parent of one database's folder will do; the oplog, the prelude and MongoDB's own databases do not count", async () => {
  await using temporary = await temporaryFolder();
  await writeDump(join(temporary.path, 'nextcrm'), { Users: some });
  for (const name of ['admin', 'config', 'local']) await writeDump(join(temporary.path, name), { 'system.version': some });
  await writeFile(join(temporary.path, 'oplog.bson'), rawDocuments(some));
  await writeFile(join(temporary.path, 'prelude.json'), '{}');
  await mkdir(join(temporary.path, 'notes'));
  const source = await openSource(temporary.url, { signal });
  assert.is(source.database, 'nextcrm');
  assert.is(source.kind, 'dump');
  assert.equal(
    (await source.collections()).map(({ name }) => name),
    ['Users'],
  );
  const [batch] = await batchesOf(source, 'Users');
  assert.is(batch?.place(0).file, join('nextcrm', 'Users.bson'));
});

test('each wrong path has a failure of its own', async () => {
  await using temporary = await temporaryFolder();
  const at = (name: string) => `file://${join(temporary.path, name)}`;
  const code = async (name: string) => {
    const { code, exit, message, next } = await opening(at(name));
    assert.match(message, temporary.path);
    assert.ok(next.length > 20);
    return `${code} ${exit}`;
  };
  assert.is(await code('missing'), 'SOURCE_DUMP_MISSING 2');
  assert.is(await code('missing/deeper'), 'SOURCE_DUMP_MISSING 2');
  await writeFile(join(temporary.path, 'file'), 'text');
  assert.is(await code('file'), 'SOURCE_DUMP_NOT_FOLDER 2');
  await writeFile(join(temporary.path, 'Users.bson'), rawDocuments(some));
  assert.is(await code('Users.bson'), 'SOURCE_DUMP_NOT_FOLDER 2');
  await writeFile(join(temporary.path, 'archive'), Buffer.from('6de29981000000', 'hex'));
  assert.is(await code('archive'), 'SOURCE_DUMP_ARCHIVE 2');
  await writeFile(join(temporary.path, 'archive.gz'), gzipSync(Buffer.from('6de29981000000', 'hex')));
  assert.is(await code('archive.gz'), 'SOURCE_DUMP_ARCHIVE 2');
  await mkdir(join(temporary.path, 'empty'));
  assert.is(await code('empty'), 'SOURCE_DUMP_EMPTY 2');
  await mkdir(join(temporary.path, 'other/sub'), { recursive: true });
  await writeFile(join(temporary.path, 'other/readme.txt'), 'text');
  assert.is(await code('other'), 'SOURCE_DUMP_NO_COLLECTION 2');
  await writeDump(join(temporary.path, 'several/one'), { c: some });
  await writeDump(join(temporary.path, 'several/two'), { c: some });
  const several = await opening(at('several'));
  assert.is(several.code, 'SOURCE_DATABASE_AMBIGUOUS');
  assert.match(several.message, 'one, two');
  await writeDump(join(temporary.path, 'mixed'), { c: some });
  await writeDump(join(temporary.path, 'mixed/sub'), { c: some });
  assert.is(await code('mixed'), 'SOURCE_DUMP_MIXED 2');
  await writeDump(join(temporary.path, 'twice'), { c: some });
  await writeDump(join(temporary.path, 'twice'), { c: some }, { gzip: true });
  assert.is((await opening(at('twice'))).code, 'SOURCE_DUMP_TWICE');
  await writeDump(join(temporary.path, 'broken'), { c: some });
  await truncate(join(temporary.path, 'broken/c.metadata.json'), 20);
  assert.is(await code('broken'), 'SOURCE_DUMP_METADATA 3');
});

const asUser = test.unless(process.getuid?.() === 0 ? 'root may read everything' : null);

asUser('what may not be read is a failure of the source', () =>
  withDump({ c: some }, {}, async (source, folder) => {
    await chmod(join(folder, 'c.bson'), 0);
    const file = await failureOf(batchesOf(source, 'c'));
    assert.equal([file.code, file.exit], ['SOURCE_DUMP_UNREADABLE', 3]);
    await chmod(folder, 0);
    assert.is((await opening(`file://${folder}`)).code, 'SOURCE_DUMP_UNREADABLE');
    await chmod(folder, 0o700);
  }),
);

test('a file that vanished is a failure of the source', () =>
  withDump({ c: some }, {}, async (source, folder) => {
    await rm(join(folder, 'c.bson'));
    const failure = await failureOf(batchesOf(source, 'c'));
    assert.equal([failure.code, failure.exit], ['SOURCE_DUMP_UNREADABLE', 3]);
    assert.match(failure.message, dirname(folder));
  }));

test('a source without a known collection is refused with what it holds', () =>
  withDump({ shop: some }, {}, async (source) => {
    const collections = await source.collections();
    requireKnownCollection(source, collections, new Set(['shop', 'Users']));
    assert.throws(
      () => requireKnownCollection(source, collections, new Set(['Users'])),
      /no NextCRM collection: it contains shop/,
    );
  }));

test.run();
