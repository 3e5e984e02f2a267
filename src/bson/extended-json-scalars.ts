/** How each BSON type without elements of its own is written as Extended JSON v2. */
import type { ByteWriter } from './byte-writer.ts';
import { byteAt, float64At, hexDigit, int32At, int64At, uint32At } from './bytes.ts';
import { elementType } from './element-type.ts';
import { isoDateShort } from './iso-date.ts';
import { type JsonForm, type StringNotes, writeJsonString } from './json-string.ts';
import { decimal128Text } from './number.ts';

type ScalarWriter = (out: ByteWriter, bytes: Buffer, offset: number, length: number, form: JsonForm, notes: StringNotes) => void;

/** By type byte. Every type is here but object, array and code with scope. */
export const scalarWriters: { readonly [type: number]: ScalarWriter | undefined } = {
  [elementType.double]: writeDouble,
  [elementType.string]: (out, bytes, offset, length, form, notes) =>
    writeJsonString(out, bytes, offset + 4, offset + length - 1, notes, form.dropNul),
  [elementType.binary]: writeBinary,
  [elementType.undefined]: (out) => out.ascii('{"$undefined":true}'),
  [elementType.objectId]: writeObjectId,
  [elementType.boolean]: (out, bytes, offset) => out.ascii(byteAt(bytes, offset) === 1 ? 'true' : 'false'),
  [elementType.date]: writeDate,
  [elementType.null]: (out) => out.ascii('null'),
  [elementType.regularExpression]: writeRegularExpression,
  [elementType.dbPointer]: writeDbPointer,
  [elementType.code]: wrappedString('$code'),
  [elementType.symbol]: wrappedString('$symbol'),
  [elementType.int32]: (out, bytes, offset, _length, form) => {
    const text = String(int32At(bytes, offset));
    out.ascii(form.relaxed ? text : `{"$numberInt":"${text}"}`);
  },
  [elementType.timestamp]: (out, bytes, offset) =>
    out.ascii(`{"$timestamp":{"t":${uint32At(bytes, offset + 4)},"i":${uint32At(bytes, offset)}}}`),
  [elementType.int64]: writeInt64,
  [elementType.decimal128]: (out, bytes, offset) => out.ascii(`{"$numberDecimal":"${decimal128Text(bytes, offset)}"}`),
  [elementType.minKey]: (out) => out.ascii('{"$minKey":1}'),
  [elementType.maxKey]: (out) => out.ascii('{"$maxKey":1}'),
};

/** JSON has no NaN, no infinity, and its readers lose the sign of -0: these keep their wrapper in the relaxed form too. */
function writeDouble(out: ByteWriter, bytes: Buffer, offset: number, _length: number, form: JsonForm): void {
  const value = float64At(bytes, offset);
  const bare = form.relaxed && Number.isFinite(value) && !Object.is(value, -0);
  const text = Object.is(value, -0) ? '-0.0' : Number.isInteger(value) ? value.toFixed(1) : String(value);
  out.ascii(bare ? String(value) : `{"$numberDouble":"${text}"}`);
}

/** Integers that a reader with doubles would round keep their wrapper in the relaxed form too. */
function writeInt64(out: ByteWriter, bytes: Buffer, offset: number, _length: number, form: JsonForm): void {
  const value = int64At(bytes, offset);
  const bare = form.relaxed && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
  out.ascii(bare ? String(value) : `{"$numberLong":"${value}"}`);
}

/** 9999-12-31T23:59:59.999Z, the last instant that the relaxed form writes as ISO 8601 (the first is 1970). */
const relaxedDateMax = 253_402_300_799_999n;

function writeDate(out: ByteWriter, bytes: Buffer, offset: number, _length: number, form: JsonForm): void {
  const milliseconds = int64At(bytes, offset);
  const iso = form.relaxed && milliseconds >= 0n && milliseconds <= relaxedDateMax;
  out.ascii(iso ? `{"$date":"${isoDateShort(milliseconds)}"}` : `{"$date":{"$numberLong":"${milliseconds}"}}`);
}

function writeObjectId(out: ByteWriter, bytes: Buffer, offset: number): void {
  out.ascii('{"$oid":"');
  out.hex(bytes, offset, offset + 12);
  out.ascii('"}');
}

const oldBinary = 2;

function writeBinary(out: ByteWriter, bytes: Buffer, offset: number, length: number): void {
  const subtype = byteAt(bytes, offset + 4);
  let start = offset + 5;
  // The old binary subtype repeats its length inside, which is no part of its data.
  if (subtype === oldBinary && length >= 9 && int32At(bytes, start) === length - 9) start += 4;
  out.ascii('{"$binary":{"base64":"');
  out.ascii(bytes.toString('base64', start, offset + length));
  out.ascii('","subType":"');
  out.byte(hexDigit(subtype >> 4));
  out.byte(hexDigit(subtype & 15));
  out.ascii('"}}');
}

function writeRegularExpression(
  out: ByteWriter,
  bytes: Buffer,
  offset: number,
  length: number,
  form: JsonForm,
  notes: StringNotes,
): void {
  const patternEnd = bytes.indexOf(0, offset);
  out.ascii('{"$regularExpression":{"pattern":');
  writeJsonString(out, bytes, offset, patternEnd, notes, form.dropNul);
  out.ascii(',"options":');
  writeJsonString(out, bytes, patternEnd + 1, offset + length - 1, notes, form.dropNul);
  out.ascii('}}');
}

function writeDbPointer(
  out: ByteWriter,
  bytes: Buffer,
  offset: number,
  length: number,
  form: JsonForm,
  notes: StringNotes,
): void {
  const idOffset = offset + length - 12;
  out.ascii('{"$dbPointer":{"$ref":');
  writeJsonString(out, bytes, offset + 4, idOffset - 1, notes, form.dropNul);
  out.ascii(',"$id":');
  writeObjectId(out, bytes, idOffset);
  out.ascii('}}');
}

function wrappedString(key: '$code' | '$symbol'): ScalarWriter {
  return (out, bytes, offset, length, form, notes) => {
    out.ascii(`{"${key}":`);
    writeJsonString(out, bytes, offset + 4, offset + length - 1, notes, form.dropNul);
    out.byte(0x7d);
  };
}
