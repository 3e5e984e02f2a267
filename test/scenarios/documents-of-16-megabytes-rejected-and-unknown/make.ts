/** Three documents of 16 MiB. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const full = (document: Record<string, unknown>, filling = 'x') => {
  const room = 16 * 1024 * 1024 - serialize({ ...document, big: '' }).length;
  return serialize({ ...document, big: filling.repeat(room) });
};

export async function make(folder: string): Promise<void> {
  await writeFile(join(folder, 'Documents.bson'), full({ _id: id(1) }));
  await writeFile(join(folder, 'crm_Industry_Type.bson'), full({ _id: id(2), __v: 0, name: 'Industry' }));
  await writeFile(join(folder, 'files.bson'), full({ _id: id(3) }, '\u0001'));
}
