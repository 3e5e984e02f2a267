import * as assert from 'uvu/assert';
import { murmur3 } from '../../../src/source/murmur3.ts';
import { suite } from '../../support/suite.ts';

const test = suite('murmur3');

function hash(bytes: Uint8Array, seed: number): Buffer {
  const out = new Int32Array(4);
  murmur3(bytes, seed, out);
  const littleEndian = Buffer.alloc(16);
  for (let lane = 0; lane < 4; lane++) littleEndian.writeInt32LE(out[lane] ?? 0, lane * 4);
  return littleEndian;
}

test("it has SMHasher's verification value for MurmurHash3 x86 128", () => {
  // Keys 0…i-1 of length i with the seed 256 - i; the hash of all hashes (VerificationTest, SMHasher's KeysetTest.cpp).
  const keys = Uint8Array.from({ length: 256 }, (_, i) => i);
  const hashes = Array.from(keys, (i) => hash(keys.subarray(0, i), 256 - i));
  assert.is(hash(Buffer.concat(hashes), 0).readUInt32LE(0), 0xb3ece62a);
});

test('known texts have the hashes that other implementations publish', () => {
  // Seed and values: NHasher's tests of MurmurHash128X32V3.
  const seed = 2538058380;
  assert.is(hash(Buffer.from(''), seed).toString('hex'), 'a1d5bef71c6a575b1c6a575b1c6a575b');
  assert.is(
    hash(Buffer.from('The quick brown fox jumps over the lazy dog'), seed).toString('hex'),
    '5ed5d48a7161b84c9c3aa78e3e79b6cd',
  );
  assert.is(
    hash(Buffer.from('The quick brown fox jumps over the lazy cog'), seed).toString('hex'),
    '0e8829ccf91081107c6f5ebf3433e188',
  );
});

test('the place of the bytes in their buffer does not matter', () => {
  const bytes = Buffer.from('I will not buy this record, it is scratched.');
  for (let shift = 0; shift < 9; shift++) {
    const moved = Buffer.alloc(bytes.length + 20, 0xff);
    moved.set(bytes, shift);
    assert.equal(hash(moved.subarray(shift, shift + bytes.length), 7), hash(bytes, 7));
  }
});

test.run();
