/** A document with a field three times, which JSON cannot say. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { int32, rawDocument, rawString } from '../../support/raw-bson.ts';

const number = (name: string, value: number) => ({ type: 16, name, value: int32(value) });
const text = (name: string, value: string) => ({ type: 2, name, value: rawString(value) });

export async function make(folder: string): Promise<void> {
  await writeFile(
    join(folder, 'Tasks.bson'),
    rawDocument(
      { type: 7, name: '_id', value: Buffer.from('000000000000000000000001', 'hex') },
      number('__v', 0),
      text('title', 'first'),
      number('position', 0),
      text('title', 'second'),
      text('priority', 'high'),
      text('title', 'last'),
      text('strange', 'one'),
      text('strange', 'two'),
    ),
  );
}
