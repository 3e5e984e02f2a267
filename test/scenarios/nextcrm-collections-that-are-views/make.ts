/** Collections of NextCRM that are a view and a time series in the source, and one that is a view whose documents were dumped all the same. */
import { ObjectId } from 'bson';
import { writeDump } from '../../support/dump.ts';

const named = (n: number) => ({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` });

export async function make(folder: string): Promise<void> {
  await writeDump(
    folder,
    { crm_Industry_Type: [named(1)], gpt_models: [], Sections: [], 'system.buckets.Sections': [{ _id: 1 }] },
    { types: { crm_Industry_Type: 'view', gpt_models: 'view', Sections: 'timeseries' } },
  );
}
