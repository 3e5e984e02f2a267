/** Reads a dump of documents back for the tests, every value in its own BSON type. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Document, deserialize } from 'bson';

/** The uncompressed bytes of each file, by its name without `.gz`. */
export function filesOf(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder).sort();
  return new Map(
    names.map((name) => {
      const bytes = readFileSync(join(folder, name));
      return name.endsWith('.gz') ? [name.slice(0, -'.gz'.length), gunzipSync(bytes)] : [name, bytes];
    }),
  );
}

export function documentsOf(folder: string): Map<string, Document[]> {
  const collections = new Map<string, Document[]>();
  for (const [name, bytes] of filesOf(folder)) {
    if (name.endsWith('.bson')) collections.set(name.slice(0, -'.bson'.length), [...documentsIn(bytes)]);
  }
  return collections;
}

function* documentsIn(bytes: Buffer): Generator<Document> {
  for (let offset = 0; offset < bytes.length; ) {
    const length = bytes.readInt32LE(offset);
    yield deserialize(bytes.subarray(offset, offset + length), { promoteValues: false, bsonRegExp: true });
    offset += length;
  }
}
