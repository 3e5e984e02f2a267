/** BSON booleans, and what plainly means one, as `boolean`. */
import { byteAt } from '../../bson/bytes.ts';
import { elementType, isNumber } from '../../bson/element-type.ts';
import { exactNumberAt } from '../../bson/number.ts';
import type { Encoder } from '../column.ts';
import { roundHalfEven } from './integer.ts';

export const encodeBoolean: Encoder = (document, column, type, offset, length) => {
  const value = booleanOf(document.bytes, type, offset, length);
  if (value === null) return false;
  const { out } = document.streams.rows;
  out.int32(1);
  out.byte(value ? 1 : 0);
  if (type !== elementType.boolean) document.change(column.name, 'BOOL_FROM_VALUE', { type, offset, length });
  return true;
};

function booleanOf(bytes: Buffer, type: number, offset: number, length: number): boolean | null {
  if (type === elementType.boolean) return byteAt(bytes, offset) === 1;
  if (type === elementType.string) {
    const text = bytes.toString('latin1', offset + 4, offset + length - 1);
    return text === 'true' ? true : text === 'false' ? false : null;
  }
  if (!isNumber(type)) return null;
  const number = exactNumberAt(bytes, type, offset);
  const whole = number.kind === 'finite' ? roundHalfEven(number) : null;
  if (whole === null || !whole.exact) return null;
  return whole.value === 1n ? true : whole.value === 0n ? false : null;
}
