/** The data of a benchmark: dumps of the sample generator, clean, since what others would write stops at the first odd value. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { accountsOnly, type Plan, wholeDatabase } from '../sample/plan.ts';
import { database, writeSample } from '../sample/sample.ts';

export interface Data {
  /** What it holds, for people. */
  readonly name: string;
  /** MONGODB_URL of the dump. */
  readonly source: string;
  /** The folder with the `.bson` files. */
  readonly folder: string;
  readonly documents: number;
  readonly bytes: number;
}

export const mix = (parent: string, documents: number): Promise<Data> =>
  make(parent, `${documents.toLocaleString('en')} documents of all collections`, wholeDatabase(documents));

export const accounts = (parent: string, count: number): Promise<Data> =>
  make(parent, `${count.toLocaleString('en')} accounts`, accountsOnly(count));

async function make(parent: string, name: string, plan: Plan): Promise<Data> {
  const out = join(parent, name.replaceAll(/\W+/g, '-'));
  let documents = 0;
  let bytes = 0;
  for await (const written of writeSample({ out, seed: 1, plan, dirt: 'none', gzip: false })) {
    documents += written.documents;
    bytes += written.bytes;
  }
  return { name, source: pathToFileURL(out).href, folder: join(out, database), documents, bytes };
}
