/** A dump that was cut inside the four bytes of a length. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  const bytes = Buffer.concat([industry(1), industry(2)]);
  await writeFile(join(folder, 'crm_Industry_Type.bson'), Buffer.concat([bytes, Buffer.of(5, 0)]));
}
