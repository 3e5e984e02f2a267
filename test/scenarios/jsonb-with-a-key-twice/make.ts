/** An object with a key twice, which JSON cannot say. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { int32, rawDocument, rawString } from '../../support/raw-bson.ts';

const number = (name: string, value: number) => ({ type: 16, name, value: int32(value) });

export async function make(folder: string): Promise<void> {
  const inner = rawDocument(number('twin', 1), number('other', 2), number('twin', 3));
  await writeFile(
    join(folder, 'Tasks.bson'),
    rawDocument(
      { type: 7, name: '_id', value: Buffer.from('000000000000000000000001', 'hex') },
      number('__v', 0),
      number('position', 0),
      { type: 2, name: 'priority', value: rawString('high') },
      { type: 2, name: 'title', value: rawString('Task') },
      { type: 3, name: 'tags', value: rawDocument({ type: 3, name: 'a', value: inner }) },
    ),
  );
}
