/** Metadata of views as mongodump writes them: without a file of documents. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import { writeDump } from '../../support/dump.ts';

const metadata = (name: string, type: string) =>
  JSON.stringify({ options: {}, indexes: [], uuid: '', collectionName: name, type });

export async function make(folder: string): Promise<void> {
  await writeDump(folder, {
    crm_Industry_Type: [{ _id: new ObjectId(), __v: 0, name: 'Industry' }],
    'system.views': [{ _id: 'nextcrm.view' }],
  });
  await writeFile(join(folder, 'view.metadata.json'), metadata('view', 'view'));
  await writeFile(join(folder, 'old.metadata.json'), JSON.stringify({ options: { viewOn: 'Users', pipeline: [] }, indexes: [] }));
  await writeFile(join(folder, 'series.metadata.json'), metadata('series', 'timeseries'));
}
