/** One collection in two files: two dumps were written into one folder. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  await writeFile(join(folder, 'crm_Industry_Type.bson'), industry(1));
  await writeFile(join(folder, 'crm_Industry_Type.bson.gz'), gzipSync(industry(2)));
}
