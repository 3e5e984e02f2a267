/** Documents of 2,000,000 and 200,000 levels. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { int32, nested, rawDocument, rawString } from '../../support/raw-bson.ts';

const deepest = nested(2_000_000);
const deep = nested(200_000);
const number = (name: string, value: number) => ({ type: 16, name, value: int32(value) });
const text = (name: string, value: string) => ({ type: 2, name, value: rawString(value) });
const task = (digit: number, name: string, value: Buffer) =>
  rawDocument(
    { type: 7, name: '_id', value: Buffer.from(digit.toString(16).padStart(24, '0'), 'hex') },
    number('__v', 0),
    number('position', 0),
    text('priority', 'high'),
    text('title', 'Task'),
    { type: 3, name, value },
  );

export async function make(folder: string): Promise<void> {
  await writeFile(
    join(folder, 'Tasks.bson'),
    Buffer.concat([task(1, 'tags', deepest), task(2, 'unknown', deepest), task(3, 'content', deep), task(4, '', deep)]),
  );
}
