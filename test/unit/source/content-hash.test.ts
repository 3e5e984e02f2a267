import { serialize } from 'bson';
import * as assert from 'uvu/assert';
import { ContentHash } from '../../../src/source/content-hash.ts';
import { suite } from '../../support/suite.ts';

const test = suite('content hash');
const documents = Array.from({ length: 50 }, (_, i) => serialize({ _id: i, text: 'x'.repeat(i) }));

function hashOf(of: readonly Uint8Array[]): string {
  const hash = new ContentHash();
  for (const document of of) hash.add(document);
  return hash.hex();
}

test('nothing hashes to zero, as the state schema has it by default', () => {
  assert.is(new ContentHash().hex(), '0'.repeat(32));
});

test('the order of the documents does not matter', () => {
  assert.is(hashOf(documents.toReversed()), hashOf(documents));
});

test('a missing, a doubled and an edited document show', () => {
  const edited = documents.with(7, serialize({ _id: 7, text: 'xxxxxxy' }));
  const all = [documents, documents.slice(1), documents.toSpliced(3, 0, ...documents.slice(3, 4)), edited].map(hashOf);
  assert.is(new Set(all).size, 4);
});

test('a hash continues from its hex digits', () => {
  const first = new ContentHash();
  for (const document of documents.slice(0, 20)) first.add(document);
  const second = ContentHash.from(first.hex());
  for (const document of documents.slice(20)) second.add(document);
  assert.is(second.hex(), hashOf(documents));
});

test('a broken hash is refused', () => {
  assert.throws(() => ContentHash.from('12'), /32 hex digits/);
  assert.throws(() => ContentHash.from('zz'.repeat(16)), /32 hex digits/);
});

test.run();
