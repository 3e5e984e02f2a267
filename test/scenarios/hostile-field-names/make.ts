/** Names that an object of JavaScript would lose: __proto__ and the empty one. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { int32, rawDocument, rawString } from '../../support/raw-bson.ts';

const names = ['__proto__', 'constructor', 'prototype', '$where', 'a.b', '', '"; drop table x; --', '<b>', '$oid', 'é\n'];
const number = (name: string, value: number) => ({ type: 16, name, value: int32(value) });
const all = names.map((name, index) => number(name, index));
const objectId = (digits: string) => ({ type: 7, name: '_id', value: Buffer.from(digits.padStart(24, '0'), 'hex') });

export async function make(folder: string): Promise<void> {
  const task = rawDocument(
    objectId('1'),
    number('__v', 0),
    number('position', 0),
    { type: 2, name: 'priority', value: rawString('high') },
    { type: 2, name: 'title', value: rawString('Task') },
    { type: 3, name: 'tags', value: rawDocument(...all) },
    ...all,
  );
  await writeFile(join(folder, 'Tasks.bson'), task);
  await writeFile(join(folder, '__proto__.bson'), rawDocument(objectId('2'), ...all));
  await writeFile(join(folder, 'constructor.bson'), rawDocument(objectId('3')));
}
