/**
 * Two values are one `_id` exactly if MongoDB compares them as equal. This writes the form that equal values share.
 *
 * The classes and their rules are those of MongoDB's comparison order (manual, "Comparison/Sort Order"; in its source
 * `canonicalizeBSONType` and `BSONElement::compareElements`): all numbers are one class and compared by their exact value
 * (42, NumberLong 42, 42.0 and Decimal 4.2E+1; -0 is 0; NaN is NaN), string and symbol are one class and compared by their
 * bytes, objects by class, name and value of each field in order, arrays by their elements. Each value is
 * `letter length : content`, so that no two different values give the same bytes.
 *
 * This form is the name that a UUIDv5 is made of: changing it changes ids between releases.
 */
import { ByteWriter } from '../bson/byte-writer.ts';
import { byteAt, int32At, int64At, uint32At } from '../bson/bytes.ts';
import { elementType, type RawValue } from '../bson/element-type.ts';
import { MalformedBson } from '../bson/malformed-bson.ts';
import { type ExactNumber, exactNumberAt } from '../bson/number.ts';
import { checkValue, cstringEnd, valueLength } from '../bson/walk.ts';

/** The bytes that all values share which MongoDB takes for equal to this one. Throws MalformedBson. */
export function comparisonForm(bytes: Buffer, value: RawValue): Buffer {
  const out = new ByteWriter(64);
  checkValue(bytes, value.type, value.offset, value.length);
  const lasts: number[] = [];
  const types: number[] = [];
  let at = writeValue(out, bytes, value.type, value.offset, value.length, lasts, types);
  // A stack of numbers in place of recursion: no depth of nesting overflows it.
  while (lasts.length > 0) {
    const last = lasts[lasts.length - 1] as number;
    const type = byteAt(bytes, at);
    if (type === 0) {
      if (at !== last) throw new MalformedBson('an object or array is shorter than its length');
      out.ascii(types.pop() === elementType.array ? ']' : '}');
      lasts.pop();
      at++;
      continue;
    }
    const nameEnd = cstringEnd(bytes, at + 1, last);
    if (types[types.length - 1] !== elementType.array) writeFramed(out, 'k', bytes, at + 1, nameEnd);
    at = writeValue(out, bytes, type, nameEnd + 1, valueLength(bytes, type, nameEnd + 1, last), lasts, types);
  }
  return out.written();
}

/** Writes a scalar, or the beginning of a container, which it pushes; returns where to continue. */
function writeValue(
  out: ByteWriter,
  bytes: Buffer,
  type: number,
  offset: number,
  length: number,
  lasts: number[],
  types: number[],
): number {
  const end = offset + length;
  if (type === elementType.object || type === elementType.array || type === elementType.codeWithScope) {
    let start = offset;
    if (type === elementType.codeWithScope) {
      start = offset + 8 + int32At(bytes, offset + 4);
      writeFramed(out, 'w', bytes, offset + 8, start - 1);
    }
    out.ascii(type === elementType.array ? '[' : '{');
    lasts.push(end - 1);
    types.push(type);
    return start + 4;
  }
  writeScalar(out, bytes, type, offset, end);
  return end;
}

function writeScalar(out: ByteWriter, bytes: Buffer, type: number, offset: number, end: number): void {
  switch (type) {
    case elementType.minKey:
      out.ascii('-');
      break;
    case elementType.maxKey:
      out.ascii('+');
      break;
    case elementType.undefined:
      out.ascii('u');
      break;
    case elementType.null:
      out.ascii('0');
      break;
    case elementType.double:
    case elementType.int32:
    case elementType.int64:
    case elementType.decimal128:
      out.ascii(`n${numberForm(exactNumberAt(bytes, type, offset))};`);
      break;
    case elementType.string:
    case elementType.symbol:
      writeFramed(out, 's', bytes, offset + 4, end - 1);
      break;
    case elementType.code:
      writeFramed(out, 'c', bytes, offset + 4, end - 1);
      break;
    case elementType.binary:
      out.ascii(`b${byteAt(bytes, offset + 4)}.`);
      writeFramed(out, '', bytes, offset + 5, end);
      break;
    case elementType.objectId:
      writeFramed(out, 'o', bytes, offset, end);
      break;
    case elementType.boolean:
      out.ascii(byteAt(bytes, offset) === 1 ? 't' : 'f');
      break;
    case elementType.date:
      out.ascii(`d${int64At(bytes, offset)};`);
      break;
    case elementType.timestamp:
      out.ascii(`T${uint32At(bytes, offset + 4)}.${uint32At(bytes, offset)};`);
      break;
    case elementType.regularExpression: {
      const patternEnd = bytes.indexOf(0, offset);
      writeFramed(out, 'r', bytes, offset, patternEnd);
      writeFramed(out, '', bytes, patternEnd + 1, end - 1);
      break;
    }
    case elementType.dbPointer:
      writeFramed(out, 'p', bytes, offset + 4, end - 13);
      writeFramed(out, '', bytes, end - 12, end);
      break;
  }
}

function writeFramed(out: ByteWriter, letter: string, bytes: Buffer, start: number, end: number): void {
  out.ascii(`${letter}${end - start}:`);
  out.copy(bytes, start, end);
}

/** `-12e-3`: the digits without trailing zeros, so that each number has one form. */
function numberForm(value: ExactNumber): string {
  if (value.kind === 'NaN') return 'nan';
  if (value.kind === 'infinite') return value.negative ? '-inf' : 'inf';
  if (value.coefficient === 0n) return '0';
  const digits = value.coefficient.toString();
  const significant = digits.replace(/0+$/, '');
  return `${value.negative ? '-' : ''}${significant}e${value.exponent + digits.length - significant.length}`;
}
