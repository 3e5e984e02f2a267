import * as assert from 'uvu/assert';
import { FieldFinder } from '../../../src/convert/field-finder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('field finder');

/** Every length around a word of four bytes, and names that begin or end alike. */
const names = [
  'a',
  'ab',
  'abc',
  'abcd',
  'abcde',
  'abcdefg',
  'abcdefgh',
  'abcdefghi',
  'xbcdefghi',
  'abcdefghx',
  'abcdXfgh',
  'é',
  '_id',
];
const finder = new FieldFinder(names.map((name) => Buffer.from(name)));

/** As it stands in a document that ends with it, and with the memory. */
function find(name: string | Buffer, previous: number): number {
  const bytes = Buffer.concat([Buffer.from('before'), Buffer.from(name), Buffer.of(0)]);
  return finder.find(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 6, bytes.length, previous);
}

test('each name is found as its own field, whatever came before it', () => {
  for (let round = 0; round < 3; round++) {
    for (let previous = -1; previous < names.length; previous++) {
      for (const [field, name] of names.entries()) assert.is(find(name, previous), field, `${name} after ${previous}`);
    }
  }
  assert.equal(
    names.map((_, field) => finder.lengthOf(field)),
    names.map((name) => Buffer.byteLength(name)),
  );
});

test('a name that differs in any one byte, is cut or continues is no field', () => {
  const known = new Set(names);
  for (const name of names) {
    const bytes = Buffer.from(name);
    const others = [...bytes.keys()].map((at) => {
      const other = Buffer.from(bytes);
      other.writeUInt8(other.readUInt8(at) ^ 1, at);
      return other;
    });
    for (const other of [...others, bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from('z')])]) {
      if (other.length > 0 && !known.has(other.toString())) assert.is(find(other, -1), -1, `${other} is not ${name}`);
    }
  }
});

test('a name that would end behind the end is no field, though the bytes behind it are like its own', () => {
  for (const name of names) {
    const bytes = Buffer.concat([Buffer.from(name), Buffer.of(0)]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let end = 1; end < bytes.length; end++) assert.is(finder.find(view, 0, end, -1), -1, `${name} before ${end}`);
  }
});

test.run();
