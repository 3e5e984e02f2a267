/** COPY's binary format, read back in chunks of any size. */
import * as assert from 'uvu/assert';
import { readTuples } from '../../../src/target/copy-reader.ts';
import { suite } from '../../support/suite.ts';
import { tuples } from '../../support/tuples.ts';

const test = suite('the reader of COPY');
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.from([0xff, 0xff]);

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size: number): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  for await (const tuple of readTuples(chunksOf(bytes, size))) {
    rows.push(Array.from({ length: tuple.fields }, (_, index) => tuple.value(index)?.toString() ?? null));
  }
  return rows;
}

const rows = [['a', null, ''], ['x'.repeat(300), 'žluť', null], []];
const stream = Buffer.concat([header, Buffer.from(tuples(rows).bytes), trailer]);

test('tuples come whole, however the bytes are cut', async () => {
  for (const size of [1, 2, 3, 7, 64, stream.length]) assert.equal(await read(stream, size), rows, `chunks of ${size}`);
});

test('a tuple keeps its bytes after the next one was read', async () => {
  const kept = await Array.fromAsync(readTuples(chunksOf(stream, 5)));
  const [first] = kept;
  assert.ok(first !== undefined);
  assert.is(first.value(0)?.toString(), 'a');
});

test('an empty result has a header and a trailer', async () => {
  assert.equal(await read(Buffer.concat([header, trailer]), 4), []);
});

test('the extension of a header is skipped', async () => {
  const extended = Buffer.from(header);
  extended.writeInt32BE(3, 15);
  assert.equal(await read(Buffer.concat([extended, Buffer.from('abc'), Buffer.from(tuples([['v']]).bytes), trailer]), 6), [
    ['v'],
  ]);
});

for (const [name, bytes] of [
  ['a stream that is cut off', stream.subarray(0, stream.length - 1)],
  ['a stream without its signature', Buffer.concat([Buffer.alloc(19), trailer])],
  ['bytes after the trailer', Buffer.concat([stream, Buffer.of(0)])],
  ['nothing at all', Buffer.alloc(0)],
] as const) {
  test(`${name} is an error`, async () => {
    for (const size of [3, 10_000]) {
      const failed = await read(bytes, size).then(
        () => false,
        () => true,
      );
      assert.ok(failed, `chunks of ${size}`);
    }
  });
}

test.run();
