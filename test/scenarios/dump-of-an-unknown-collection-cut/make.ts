/** Damage in a collection that NextCRM does not have counts as well. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  const bytes = Buffer.concat([industry(1), industry(2)]);
  await writeFile(join(folder, 'other.bson'), bytes.subarray(0, bytes.length - 3));
  await writeFile(join(folder, 'crm_Industry_Type.bson'), industry(1));
}
