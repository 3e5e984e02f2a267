/** Texts that are no UTF-8. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { int32, rawDocument, rawString } from '../../support/raw-bson.ts';

const bad = Buffer.from([0x61, 0xff, 0x62]);
const number = (name: string, value: number) => ({ type: 16, name, value: int32(value) });
const text = (name: string | Buffer, value: string | Buffer) => ({ type: 2, name, value: rawString(value) });
const id = (digit: number) => ({ type: 7, name: '_id', value: Buffer.from(digit.toString(16).padStart(24, '0'), 'hex') });
const yes = (name: string) => ({ type: 8, name, value: Buffer.of(1) });

export async function make(folder: string): Promise<void> {
  const contact = rawDocument(
    id(1),
    number('__v', 0),
    yes('status'),
    text('last_name', bad),
    { type: 4, name: 'notes', value: rawDocument(text('0', 'fine'), text('1', bad)) },
    text('left', bad),
    text(bad, 'name'),
  );
  const hashed = rawDocument(text('_id', bad), number('__v', 0), yes('status'), text('last_name', 'Contact'));
  const rejected = rawDocument(id(2), text('first_name', bad));
  const task = rawDocument(
    id(3),
    number('__v', 0),
    number('position', 0),
    text('priority', 'high'),
    text('title', 'Task'),
    text('taskStatus', bad),
    text('user', bad),
    { type: 3, name: 'tags', value: rawDocument(text(bad, bad)) },
  );
  await writeFile(join(folder, 'crm_Contacts.bson'), Buffer.concat([contact, hashed, rejected]));
  await writeFile(join(folder, 'Tasks.bson'), task);
  await writeFile(join(folder, 'other.bson'), rawDocument(id(4), text('t', bad)));
}
