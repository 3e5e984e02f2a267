/** Documents of 2,000,000 levels. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { int32, nested, rawDocument, rawString } from '../../support/raw-bson.ts';

const deep = nested(2_000_000);
const number = (name: string, value: number) => ({ type: 16, name, value: int32(value) });
const text = (name: string, value: string) => ({ type: 2, name, value: rawString(value) });
const task = (digit: number, name: string) =>
  rawDocument(
    { type: 7, name: '_id', value: Buffer.from(digit.toString(16).padStart(24, '0'), 'hex') },
    number('__v', 0),
    number('position', 0),
    text('priority', 'high'),
    text('title', 'Task'),
    { type: 3, name, value: deep },
  );

export async function make(folder: string): Promise<void> {
  await writeFile(
    join(folder, 'Tasks.bson'),
    Buffer.concat([task(1, 'tags'), task(2, 'unknown'), task(3, 'content'), task(4, '')]),
  );
}
