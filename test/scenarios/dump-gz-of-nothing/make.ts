/** A `.bson.gz` without a byte (a full disk) and one that is no gzip are damaged, not empty. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  await writeFile(join(folder, 'Tasks.bson.gz'), '');
  await writeFile(join(folder, 'Boards.bson.gz'), 'no gzip at all');
  await writeFile(join(folder, 'crm_Industry_Type.bson.gz'), gzipSync(industry(1)));
  await writeFile(join(folder, 'Sections.bson.gz'), gzipSync(''));
}
