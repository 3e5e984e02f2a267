/** Keeps the documents of a collection that the catalog does not know: each whole, as one leftover. */
import { elementType, type RawValue } from '../bson/element-type.ts';
import { canonical } from '../bson/extended-json.ts';
import { sourceIdOf } from '../bson/source-id.ts';
import { batchConverter, type Converter, type StreamTurns } from './converter.ts';
import { writeAscii, writeBytes, writeJson, writeNull } from './copy-field.ts';
import type { Streams } from './stream.ts';

export function unknownCollectionConverter(name: string, turns?: StreamTurns): Converter {
  const collection = Buffer.from(name);
  return batchConverter((bytes, streams) => {
    const sourceId = Buffer.from(sourceIdOf(bytes));
    const document: RawValue = { type: elementType.object, offset: 0, length: bytes.length };
    const { leftovers } = streams;
    leftovers.tuple(4);
    writeBytes(leftovers.out, collection);
    writeBytes(leftovers.out, sourceId);
    writeNull(leftovers.out);
    const notes = writeJson(leftovers.out, bytes, document, canonical);
    if (notes.invalidUtf8) keepBytes(streams, collection, sourceId, bytes);
    return 1;
  }, turns);
}

/** A whole document is no field, and `change.field` is never NULL: the empty name stands for all of it. */
const wholeDocument = '';

function keepBytes({ changes }: Streams, collection: Buffer, sourceId: Buffer, bytes: Buffer): void {
  changes.tuple(5);
  writeBytes(changes.out, collection);
  writeBytes(changes.out, sourceId);
  writeAscii(changes.out, wholeDocument);
  writeAscii(changes.out, 'INVALID_UTF8');
  changes.out.int32(bytes.length * 2);
  changes.out.hex(bytes, 0, bytes.length);
}
