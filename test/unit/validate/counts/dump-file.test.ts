import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { Failure } from '../../../../src/failure.ts';
import { countInFile } from '../../../../src/validate/counts/dump-file.ts';
import { rawDocuments, temporaryFolder } from '../../../support/dump.ts';
import { suite } from '../../../support/suite.ts';

const test = suite("the proof's own count of a dump's file");
const { signal } = new AbortController();

async function counted(bytes: Uint8Array, name = 'c.bson') {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, name), bytes);
  return await countInFile(join(folder.path, name), signal);
}

/** Across many chunks, with length fields across their edges. */
const many = rawDocuments(Array.from({ length: 20_000 }, (_, i) => ({ _id: i, t: 'x'.repeat(i % 97) })));
const whole = (documents: number) => ({ documents, isWhole: true });
const damaged = (documents: number) => ({ documents, isWhole: false });

test('counts every document, plain and compressed, whatever the name', async () => {
  assert.equal(await counted(many), whole(20_000));
  assert.equal(await counted(many, 'c.bson.gz'), whole(20_000));
  assert.equal(await counted(gzipSync(many), 'c.bson.gz'), whole(20_000));
  assert.equal(await counted(gzipSync(many)), whole(20_000));
  assert.equal(await counted(Buffer.concat([gzipSync(many), gzipSync(many)]), 'c.bson.gz'), whole(40_000));
  assert.equal(await counted(Buffer.alloc(0)), whole(0));
  assert.equal(await counted(rawDocuments([{ _id: 1, t: 'x'.repeat(16 * 1024 * 1024 - 40) }, { _id: 2 }])), whole(2));
});

test('a plain document whose length is the magic number of gzip is a document', async () => {
  const bytes = rawDocuments([{ _id: 1, t: 'x'.repeat(559_903 - 22) }]);
  assert.is(bytes.readInt32LE(), 559_903);
  assert.equal(await counted(bytes), whole(1));
});

test('a damaged file is counted up to the damage', async () => {
  const three = rawDocuments([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  assert.equal(await counted(Buffer.concat([three, Buffer.from([4, 0, 0, 0])])), damaged(3));
  assert.equal(await counted(Buffer.concat([three, Buffer.from([1, 2])])), damaged(3));
  assert.equal(await counted(three.subarray(0, three.length - 1)), damaged(2));
  assert.equal(await counted(Buffer.concat([three, Buffer.from([5, 0, 0, 0, 1]), three])), damaged(3));
  assert.equal(await counted(Buffer.alloc(0), 'c.bson.gz'), damaged(0));
  assert.is((await counted(gzipSync(many).subarray(0, 9_000), 'c.bson.gz')).isWhole, false);
  const checksum = gzipSync(three);
  checksum.writeUInt8(checksum.readUInt8(checksum.length - 8) ^ 1, checksum.length - 8);
  assert.is((await counted(checksum, 'c.bson.gz')).isWhole, false);
});

test('a file that cannot be read is a failure of the source', async () => {
  await using folder = await temporaryFolder();
  for (const path of [join(folder.path, 'none.bson'), folder.path]) {
    try {
      await countInFile(path, signal);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, Failure);
      assert.is((error as Failure).code, 'SOURCE_DUMP_UNREADABLE');
    }
  }
});

test.run();
