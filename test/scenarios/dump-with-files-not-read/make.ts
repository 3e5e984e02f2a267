/** Files beside the .bson files: those that may have documents of NextCRM, and those that have none. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import { rawDocuments, writeDump } from '../../support/dump.ts';

export async function make(folder: string): Promise<void> {
  const documents = [{ _id: new ObjectId('000000000000000000000001'), __v: 0, name: 'Industry 1' }];
  await writeDump(folder, { crm_Industry_Type: documents });
  await writeFile(join(folder, 'Tasks.bson.part'), rawDocuments(documents));
  await writeFile(join(folder, 'Users.bson.001'), rawDocuments(documents));
  await writeFile(join(folder, 'Users.bson.002'), 'x');
  await writeFile(join(folder, '..', 'backup.zip'), Buffer.from('504b0304', 'hex'));
  await writeFile(join(folder, 'README.txt'), 'text');
}
