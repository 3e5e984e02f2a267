/** Fields of PostgreSQL's binary COPY format: a length in bytes, then the bytes; -1 for NULL. */
import type { ByteWriter } from '../bson/byte-writer.ts';
import type { RawValue } from '../bson/element-type.ts';
import { type JsonNotes, writeExtendedJson } from '../bson/extended-json.ts';
import type { JsonForm } from '../bson/json-string.ts';

export function writeNull(out: ByteWriter): void {
  out.int32(-1);
}

export function writeBytes(out: ByteWriter, bytes: Buffer): void {
  out.int32(bytes.length);
  out.copy(bytes, 0, bytes.length);
}

/** Only characters below U+0080. */
export function writeAscii(out: ByteWriter, text: string): void {
  out.int32(text.length);
  out.ascii(text);
}

export function writeJson(out: ByteWriter, bytes: Buffer, value: RawValue, form: JsonForm): JsonNotes {
  const lengthAt = out.length;
  out.int32(0);
  const notes = writeExtendedJson(out, bytes, value, form);
  endField(out, lengthAt);
  return notes;
}

/** Sets the length of the field whose length stands at `lengthAt` and whose last byte is the last one written. */
export function endField(out: ByteWriter, lengthAt: number): void {
  out.int32At(lengthAt, out.length - lengthAt - 4);
}
