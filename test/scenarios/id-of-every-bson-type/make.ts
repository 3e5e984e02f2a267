/** One document for each BSON type of its `_id`, most of which JSON cannot say. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { int32, int64, rawDocument, rawString } from '../../support/raw-bson.ts';

const double = Buffer.alloc(8);
double.writeDoubleLE(1.5);
const twelve = Buffer.from('0123456789abcdef01234567', 'hex');
const scope = rawDocument({ type: 16, name: 's', value: int32(1) });
const code = Buffer.concat([rawString('f'), scope]);
const ids: readonly (readonly [number, Buffer])[] = [
  [1, double],
  [2, rawString('text')],
  [3, rawDocument({ type: 16, name: 'a', value: int32(1) })],
  [4, rawDocument({ type: 16, name: '0', value: int32(1) })],
  [5, Buffer.concat([int32(3), Buffer.of(0), Buffer.from('abc')])],
  [5, Buffer.concat([int32(16), Buffer.of(4), Buffer.from('0192f8a1c0de7abc8def0123456789ab', 'hex')])],
  [6, Buffer.alloc(0)],
  [7, twelve],
  [8, Buffer.of(1)],
  [9, int64(1_600_000_000_000n)],
  [10, Buffer.alloc(0)],
  [11, Buffer.from('a\0i\0')],
  [12, Buffer.concat([rawString('Users'), twelve])],
  [13, rawString('f')],
  [14, rawString('symbol')],
  [15, Buffer.concat([int32(code.length + 4), code])],
  [16, int32(42)],
  [17, int64(7n)],
  [18, int64(9_007_199_254_740_993n)],
  [19, Buffer.from('7b000000000000000000000000003c30', 'hex')],
  [127, Buffer.alloc(0)],
  [255, Buffer.alloc(0)],
];

export async function make(folder: string): Promise<void> {
  const documents = ids.map(([type, value], index) =>
    rawDocument(
      { type, name: '_id', value },
      { type: 16, name: '__v', value: int32(0) },
      { type: 2, name: 'name', value: rawString(String(index)) },
    ),
  );
  await writeFile(join(folder, 'crm_Industry_Type.bson'), Buffer.concat(documents));
}
