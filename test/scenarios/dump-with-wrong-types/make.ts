/** Documents whose frame is whole and whose inside is not BSON: an unknown type, a text longer than its document, an array that does not end. Those behind them load. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  const unknownType = industry(2);
  unknownType[unknownType.indexOf('name') - 1] = 0x55;
  const longText = industry(3);
  longText.writeInt32LE(500, longText.indexOf('name') + 5);
  const noEnd = Buffer.from(serialize({ _id: new ObjectId('000000000000000000000004'), __v: 0, name: 'x', list: ['a'] }));
  noEnd[noEnd.length - 2] = 1;
  await writeFile(
    join(folder, 'crm_Industry_Type.bson'),
    Buffer.concat([industry(1), unknownType, longText, noEnd, industry(5)]),
  );
}
