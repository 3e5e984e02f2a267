/** BSON booleans, and what plainly means one, as `boolean`. */

import { byteAt } from '../../bson/bytes.ts';
import { elementType, isNumber } from '../../bson/element-type.ts';
import { exactNumberAt } from '../../bson/number.ts';
import type { BooleanWords } from '../../catalog/spec.ts';
import type { Encoder } from '../column.ts';
import { trimmedText } from './blanks.ts';
import { roundHalfEven } from './integer.ts';

const words: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['yes', true],
  ['no', false],
  ['1', true],
  ['0', false],
  ['on', true],
  ['off', false],
]);

export const encodeBoolean: Encoder = (document, column, type, offset, length) => {
  const value = booleanOf(document.bytes, type, offset, length, column.spec.words);
  if (value === null) return false;
  const { out } = document.streams.rows;
  out.int32(1);
  out.byte(value ? 1 : 0);
  if (type !== elementType.boolean) document.change(column.name, 'BOOL_FROM_VALUE', { type, offset, length });
  return true;
};

function booleanOf(bytes: Buffer, type: number, offset: number, length: number, own: BooleanWords | undefined): boolean | null {
  if (type === elementType.boolean) return byteAt(bytes, offset) === 1;
  if (type === elementType.string) {
    const word = trimmedText(bytes, offset, length).toLowerCase();
    if (own !== undefined && (word === own.true || word === own.false)) return word === own.true;
    return words.get(word) ?? null;
  }
  if (!isNumber(type)) return null;
  const number = exactNumberAt(bytes, type, offset);
  const whole = number.kind === 'finite' ? roundHalfEven(number) : null;
  if (whole === null || !whole.exact) return null;
  return whole.value === 1n ? true : whole.value === 0n ? false : null;
}
