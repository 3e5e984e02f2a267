/** The documents of every collection, made one after the other from a seed and a plan. */
import { accounts } from './areas/accounts.ts';
import { contacts } from './areas/contacts.ts';
import { documents } from './areas/documents.ts';
import { invoices } from './areas/invoices.ts';
import { sales } from './areas/sales.ts';
import { system } from './areas/system.ts';
import { tasks } from './areas/tasks.ts';
import { users } from './areas/users.ts';
import { Dataset } from './dataset.ts';
import { type DirtLevel, dirtOf } from './dirt.ts';
import { type Builder, Draft, type Fields } from './draft.ts';
import { newDump, writeCollection } from './dump.ts';
import type { Plan } from './plan.ts';

const builders: Readonly<Record<string, Builder>> = {
  ...accounts,
  ...contacts,
  ...documents,
  ...invoices,
  ...sales,
  ...system,
  ...tasks,
  ...users,
};

export interface SampleOptions {
  /** The folder in which the folder of the database is made. */
  readonly out: string;
  readonly seed: number;
  readonly plan: Plan;
  readonly dirt: DirtLevel;
  readonly gzip: boolean;
}

export interface WrittenCollection {
  readonly collection: string;
  readonly documents: number;
  /** Uncompressed. */
  readonly bytes: number;
}

export const database = 'nextcrm';

/** Writes the whole dump, reporting each collection when it is complete. */
export async function* writeSample({ out, seed, plan, dirt, gzip }: SampleOptions): AsyncGenerator<WrittenCollection> {
  const dataset = new Dataset(seed, plan);
  const dump = await newDump(out, database, gzip);
  for (const [collection, count] of plan.counts) {
    const bytes = await writeCollection(dump, collection, documentsOf(dataset, collection, dirt));
    yield { collection, documents: count, bytes };
  }
}

function* documentsOf(dataset: Dataset, collection: string, dirt: DirtLevel): Generator<Fields> {
  const build = builders[collection];
  if (build === undefined) throw new RangeError(`no builder makes ${collection}`);
  const draft = new Draft(dataset, collection);
  const addFaults = dirtOf(dataset, collection, dirt);
  for (let index = 0; index < draft.count; index++) {
    draft.moveTo(index);
    const fields = build(draft);
    addFaults(draft, fields);
    yield draft.mongoose ? versionLast(fields) : fields;
  }
}

/** Mongoose adds its version key when it saves, behind the fields of the model. */
function versionLast(fields: Fields): Fields {
  const { __v: version, ...rest } = fields;
  return { ...rest, __v: version };
}
