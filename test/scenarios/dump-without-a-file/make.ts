/** The metadata of a collection without its documents: mongodump writes both, so that the documents were lost. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  await writeFile(
    join(folder, 'Tasks.metadata.json'),
    JSON.stringify({ options: {}, indexes: [], collectionName: 'Tasks', type: 'collection' }),
  );
  await writeFile(join(folder, 'crm_Industry_Type.bson'), industry(1));
}
