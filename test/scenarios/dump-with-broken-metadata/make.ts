/** A metadata file that is no JSON: which collection it is about cannot be known, so that nothing is guessed. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  await writeFile(join(folder, 'Tasks.metadata.json'), '{"collectionName": "Ta');
  await writeFile(join(folder, 'Tasks.bson'), '');
  await writeFile(join(folder, 'crm_Industry_Type.bson'), industry(1));
}
