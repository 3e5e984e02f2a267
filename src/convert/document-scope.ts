/** One document while it is converted: its bytes, its identity, and the ledger rows that it leaves behind. */
import { elementType, type RawValue } from '../bson/element-type.ts';
import { canonical } from '../bson/extended-json.ts';
import { missingSourceId, sourceIdOfValue } from '../bson/source-id.ts';
import { isValidUtf8, repaired } from '../bson/utf8.ts';
import type { ChangeCode } from './codes.ts';
import { writeAscii, writeBytes, writeJson, writeNull } from './copy-field.ts';
import { hashedUuid, isUuidBinary, uuidBytes, writeObjectIdUuid } from './identity.ts';
import type { Streams } from './stream.ts';

/** A field that has no place in the table: unknown to the catalog, or repeated. */
export interface StrayField extends RawValue {
  readonly nameOffset: number;
  readonly nameLength: number;
}

const idName = Buffer.from('_id');

export class DocumentScope {
  bytes: Buffer = Buffer.alloc(0);
  streams: Streams;
  /** The UUID of the document. */
  readonly uuid = Buffer.alloc(uuidBytes);
  readonly #collection: Buffer;
  #id: RawValue | null = null;
  #sourceId: Buffer | null = null;
  /** The value whose bytes the last INVALID_UTF8 row of this document holds, so that two codes do not keep them twice. */
  #invalidOffset = -1;

  constructor(collection: string, streams: Streams) {
    this.#collection = Buffer.from(collection);
    this.streams = streams;
  }

  begin(bytes: Buffer, streams: Streams): void {
    this.bytes = bytes;
    this.streams = streams;
    this.#id = null;
    this.#sourceId = null;
    this.#invalidOffset = -1;
  }

  /** The fast way: an ObjectId leaves nothing in the ledger. */
  identifyByObjectId(offset: number, length: number): void {
    this.#id = { type: elementType.objectId, offset, length };
    writeObjectIdUuid(this.uuid, 0, this.bytes, offset);
  }

  /** Any other `_id`: kept with its UUID, and recorded where the UUID is made rather than carried. */
  identify(id: RawValue): void {
    this.#id = id;
    if (isUuidBinary(this.bytes, id.type, id.offset, id.length)) {
      this.bytes.copy(this.uuid, 0, id.offset + 5, id.offset + 5 + uuidBytes);
      // The canonical Extended JSON of a UUID binary is ASCII, so its bytes are in it whole.
    } else {
      hashedUuid(this.bytes, id).copy(this.uuid);
      this.change(idName, 'ID_HASHED', id);
    }
    const { ids } = this.streams;
    ids.tuple(3);
    writeBytes(ids.out, this.#collection);
    this.#writeSourceId(ids.out);
    writeBytes(ids.out, this.uuid);
  }

  get objectId(): RawValue | null {
    return this.#id?.type === elementType.objectId ? this.#id : null;
  }

  /** Records that `field` is not carried as it was; `original` is null where the field was absent. */
  change(field: Buffer, code: ChangeCode, original: RawValue | null): void {
    const out = this.#beginChange(field, code);
    if (original === null) {
      writeNull(out);
      return;
    }
    const notes = writeJson(out, this.bytes, original, canonical);
    if (notes.invalidUtf8) this.invalidUtf8(field, original.offset, original.offset, original.offset + original.length);
  }

  /** Records that the value of `field` stands under a name of an older release. */
  renamed(field: Buffer, formerName: string): void {
    const out = this.#beginChange(field, 'RENAMED_FIELD');
    writeBytes(out, Buffer.from(JSON.stringify(formerName)));
  }

  /** Records that a person has corrected `field`: `original` is what the document has in the source, null where it has none. */
  corrected(field: Buffer, source: Buffer, original: RawValue | null): void {
    const out = this.#beginChange(field, 'CORRECTED');
    if (original === null) {
      writeNull(out);
      return;
    }
    const { offset, length } = original;
    if (!writeJson(out, source, original, canonical).invalidUtf8) return;
    const bytes = this.#beginChange(field, 'INVALID_UTF8');
    bytes.int32(length * 2);
    bytes.hex(source, offset, offset + length);
  }

  /** Keeps bytes that are no UTF-8, of the value at `valueOffset`. */
  invalidUtf8(field: Buffer, valueOffset: number, start: number, end: number): void {
    if (this.#invalidOffset === valueOffset) return;
    this.#invalidOffset = valueOffset;
    const out = this.#beginChange(field, 'INVALID_UTF8');
    out.int32((end - start) * 2);
    out.hex(this.bytes, start, end);
  }

  #beginChange(field: Buffer, code: ChangeCode) {
    const { changes } = this.streams;
    changes.tuple(5);
    writeBytes(changes.out, this.#collection);
    this.#writeSourceId(changes.out);
    writeBytes(changes.out, field);
    writeAscii(changes.out, code);
    return changes.out;
  }

  leftover(field: StrayField): void {
    const { nameOffset, nameLength, offset, length } = field;
    const nameEnd = nameOffset + nameLength;
    const validName = isValidUtf8(this.bytes, nameOffset, nameEnd);
    const name = validName ? this.bytes.subarray(nameOffset, nameEnd) : repaired(this.bytes, nameOffset, nameEnd);
    const { leftovers } = this.streams;
    leftovers.tuple(4);
    writeBytes(leftovers.out, this.#collection);
    this.#writeSourceId(leftovers.out);
    writeBytes(leftovers.out, name);
    const notes = writeJson(leftovers.out, this.bytes, field, canonical);
    // Of a broken name the whole element is kept: its type byte, its name and its value.
    if (!validName) this.invalidUtf8(name, offset, nameOffset - 1, offset + length);
    else if (notes.invalidUtf8) this.invalidUtf8(name, offset, offset, offset + length);
  }

  link(field: Buffer, partner: Buffer, original: RawValue | null): void {
    const { links } = this.streams;
    links.tuple(5);
    writeBytes(links.out, this.#collection);
    writeBytes(links.out, field);
    writeBytes(links.out, this.uuid);
    writeBytes(links.out, partner);
    if (original === null) writeNull(links.out);
    else writeJson(links.out, this.bytes, original, canonical);
  }

  /** A reference that is looked up when all documents are loaded: what it was taken for, and what else it may be. */
  lookup(field: Buffer, original: RawValue, taken: Buffer, hashed: Buffer): void {
    const { lookups } = this.streams;
    lookups.tuple(6);
    writeBytes(lookups.out, this.#collection);
    writeBytes(lookups.out, this.uuid);
    writeBytes(lookups.out, field);
    writeJson(lookups.out, this.bytes, original, canonical);
    writeBytes(lookups.out, taken);
    writeBytes(lookups.out, hashed);
  }

  /** As text, for the row of a rejected document. */
  sourceId(): Buffer {
    if (this.#sourceId === null) {
      this.#sourceId = Buffer.from(this.#id === null ? missingSourceId : sourceIdOfValue(this.bytes, this.#id));
    }
    return this.#sourceId;
  }

  #writeSourceId(out: Parameters<typeof writeBytes>[0]): void {
    writeBytes(out, this.sourceId());
  }
}
