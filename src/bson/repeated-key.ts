/** Whether an object has the same key twice, in time linear in the object. */
import { byteAt } from './bytes.ts';
import { cstringEnd, valueLength } from './walk.ts';

/** Up to here, comparing every pair is cheaper than a set of strings. */
const pairwiseMax = 12;

/** `start` is where the first element stands, `last` where the object's last byte does. */
export function hasRepeatedKey(bytes: Buffer, start: number, last: number): boolean {
  const names: number[] = [];
  let ascii = 0;
  for (let at = start; at < last && byteAt(bytes, at) !== 0; ) {
    const nameEnd = cstringEnd(bytes, at + 1, last);
    names.push(at + 1, nameEnd);
    for (let index = at + 1; index < nameEnd; index++) ascii |= byteAt(bytes, index);
    at = nameEnd + 1 + valueLength(bytes, byteAt(bytes, at), nameEnd + 1, last);
  }
  // Keys that are no UTF-8 may become the same key when they are repaired, so text is compared as it is written.
  if (names.length > 2 * pairwiseMax || ascii >= 0x80) return repeatedAmongMany(bytes, names);
  return repeatedAmongFew(bytes, names);
}

function repeatedAmongMany(bytes: Buffer, names: readonly number[]): boolean {
  const seen = new Set<string>();
  for (let index = 0; index < names.length; index += 2) seen.add(bytes.toString('utf8', names[index], names[index + 1]));
  return seen.size < names.length / 2;
}

function repeatedAmongFew(bytes: Buffer, names: readonly number[]): boolean {
  for (let one = 0; one < names.length; one += 2) {
    for (let other = one + 2; other < names.length; other += 2) {
      if (sameName(bytes, names[one] as number, names[other] as number)) return true;
    }
  }
  return false;
}

function sameName(bytes: Buffer, one: number, other: number): boolean {
  let index = 0;
  // Both end in NUL, so neither is read beyond its end.
  while (byteAt(bytes, one + index) === byteAt(bytes, other + index)) {
    if (byteAt(bytes, one + index) === 0) return true;
    index++;
  }
  return false;
}
