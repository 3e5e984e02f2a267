/** `undefined`, which neither JSON nor js-bson writes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rawDocuments } from '../../support/dump.ts';
import { rawDocument, rawString } from '../../support/raw-bson.ts';

const nothing = (name: string) => ({ type: 6, name, value: Buffer.alloc(0) });
const objectId = (n: number) => ({ type: 7, name: '_id', value: Buffer.from(n.toString(16).padStart(24, '0'), 'hex') });
const text = (name: string, value: string) => ({ type: 2, name, value: rawString(value) });
const zero = (name: string) => ({ type: 16, name, value: Buffer.alloc(4) });

export async function make(folder: string): Promise<void> {
  const contact = rawDocument(
    objectId(1),
    zero('__v'),
    text('last_name', 'Contact'),
    { type: 8, name: 'status', value: Buffer.of(1) },
    nothing('email'),
    nothing('tags'),
    { type: 4, name: 'notes', value: rawDocument(text('0', 'a'), nothing('1'), text('2', 'b')) },
    { type: 4, name: 'documentsIDs', value: rawDocument(nothing('0')) },
    nothing('surprise'),
  );
  const rejected = rawDocument(objectId(2), zero('__v'), nothing('last_name'), nothing('status'));
  const odd = rawDocument(nothing('_id'), zero('__v'), text('last_name', 'Odd'), {
    type: 8,
    name: 'status',
    value: Buffer.of(1),
  });
  await writeFile(join(folder, 'crm_Contacts.bson'), rawDocuments([contact, rejected, odd]));
}
