/** MurmurHash3, x86 128-bit variant: a fast hash for comparing content (not for security). */
const c1 = 0x239b961b;
const c2 = 0xab0e9789 | 0;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93 | 0;

/**
 * Puts the four 32-bit words of the hash of `bytes` into `out`.
 * `MurmurHash3_x86_128` of Austin Appleby's MurmurHash3.cpp (public domain, github.com/aappleby/smhasher).
 */
export function murmur3(bytes: Uint8Array, seed: number, out: Int32Array): void {
  const view = viewAround(bytes);
  const length = bytes.length;
  const start = bytes.byteOffset;
  const tail = start + (length & ~15);
  let h1 = seed | 0;
  let h2 = h1;
  let h3 = h1;
  let h4 = h1;
  for (let at = start; at < tail; at += 16) {
    h1 ^= Math.imul(rotate(Math.imul(view.getInt32(at, true), c1), 15), c2);
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(view.getInt32(at + 4, true), c2), 16), c3);
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(view.getInt32(at + 8, true), c3), 17), c4);
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(view.getInt32(at + 12, true), c4), 18), c1);
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  // Up to 15 bytes remain; a missing one counts as zero, which leaves a word that has none of them at zero.
  const end = start + length;
  h4 ^= Math.imul(rotate(Math.imul(partialWord(view, tail + 12, end), c4), 18), c1);
  h3 ^= Math.imul(rotate(Math.imul(partialWord(view, tail + 8, end), c3), 17), c4);
  h2 ^= Math.imul(rotate(Math.imul(partialWord(view, tail + 4, end), c2), 16), c3);
  h1 ^= Math.imul(rotate(Math.imul(partialWord(view, tail, end), c1), 15), c2);
  finish(h1 ^ length, h2 ^ length, h3 ^ length, h4 ^ length, out);
}

function finish(h1: number, h2: number, h3: number, h4: number, out: Int32Array): void {
  const sum = (h1 + h2 + h3 + h4) | 0;
  const m1 = mix(sum);
  const m2 = mix((h2 + sum) | 0);
  const m3 = mix((h3 + sum) | 0);
  const m4 = mix((h4 + sum) | 0);
  const mixed = (m1 + m2 + m3 + m4) | 0;
  out[0] = mixed;
  out[1] = m2 + mixed;
  out[2] = m3 + mixed;
  out[3] = m4 + mixed;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function mix(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The little-endian word at `at`, of which only the bytes before `end` exist. */
function partialWord(view: DataView, at: number, end: number): number {
  let word = 0;
  for (let i = Math.min(end, at + 4) - 1; i >= at; i--) word = (word << 8) | view.getUint8(i);
  return word;
}

let around: DataView = new DataView(new ArrayBuffer(0));

/** Over the memory that `bytes` is a part of. A copy of the one in bson/: the proof hashes too, and shares nothing with that folder. */
function viewAround(bytes: Uint8Array): DataView {
  if (around.buffer !== bytes.buffer) around = new DataView(bytes.buffer);
  return around;
}
