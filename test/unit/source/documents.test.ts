import { serialize } from 'bson';
import * as assert from 'uvu/assert';
import { Documents } from '../../../src/source/documents.ts';
import { rawDocuments } from '../../support/dump.ts';
import { suite } from '../../support/suite.ts';

const test = suite('documents');

const some = Array.from({ length: 20 }, (_, i) => serialize({ _id: i, t: 'x'.repeat(i * 13) }));

/** Views with gaps between them, as in a server's answers: three pieces of memory. */
function views(): Uint8Array[] {
  const answers = [some.slice(0, 7), some.slice(7, 8), some.slice(8)];
  return answers.flatMap((documents) => {
    const memory = Buffer.concat(documents.flatMap((document) => [Buffer.from('gap'), document]));
    let at = 0;
    return documents.map(({ length }) => {
      const start = at + 3;
      at = start + length;
      return memory.subarray(start, at);
    });
  });
}

const documents = Documents.of(views());

test('documents come back as they are, in their order, however often', () => {
  for (let round = 0; round < 2; round++) assert.ok(rawDocuments([...documents]).equals(rawDocuments(some)));
  assert.is(documents.length, some.length);
  assert.is(documents.bytes, rawDocuments(some).length);
});

test('the bytes before each document are those of the documents before it', () => {
  for (const index of some.keys()) assert.is(documents.bytesBefore(index), rawDocuments(some.slice(0, index)).length);
});

test('parts hold all documents in their order, none of them more than it needs', () => {
  for (const bytesMin of [1, 100, 500, 1_000_000]) {
    const parts = [...documents.inParts(bytesMin)];
    assert.ok(rawDocuments(parts.flat()).equals(rawDocuments(some)));
    for (const [index, part] of parts.entries()) {
      assert.ok(rawDocuments(part.slice(0, -1)).length < bytesMin);
      if (index < parts.length - 1) assert.ok(rawDocuments(part).length >= bytesMin);
    }
  }
});

test.run();
