/** Documents of 2,000,000 levels. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nested, rawDocument } from '../../support/raw-bson.ts';

const id = (digit: number) => ({ type: 7, name: '_id', value: Buffer.from(digit.toString(16).padStart(24, '0'), 'hex') });

export async function make(folder: string): Promise<void> {
  await writeFile(join(folder, 'Tasks.bson'), rawDocument(id(1), { type: 3, name: 'tags', value: nested(2_000_000) }));
  await writeFile(join(folder, 'deep.bson'), rawDocument(id(2), { type: 4, name: 'list', value: nested(2_000_000, 4) }));
}
