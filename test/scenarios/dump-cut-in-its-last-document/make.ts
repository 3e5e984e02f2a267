/** A dump that was cut in its last document: what is readable loads, the rest is named with file and byte. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  const bytes = Buffer.concat([industry(1), industry(2), industry(3)]);
  await writeFile(join(folder, 'crm_Industry_Type.bson'), bytes.subarray(0, bytes.length - 1));
}
