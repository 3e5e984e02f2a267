/** Dates that JavaScript has no form for. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import { rawDocuments } from '../../support/dump.ts';
import { int64, rawDocument, rawString } from '../../support/raw-bson.ts';

const milliseconds = [
  -1n,
  -62_135_596_800_000n,
  -210_866_803_200_000n,
  -210_866_803_200_001n,
  253_402_300_800_000n,
  8_640_000_000_000_001n,
  9_224_318_015_999_999n,
  9_224_318_016_000_000n,
  9_223_372_036_854_775_807n,
  -9_223_372_036_854_775_808n,
];

const text = (name: string, value: string) => ({ type: 2, name, value: rawString(value) });

export async function make(folder: string): Promise<void> {
  const documents = milliseconds.map((value, index) =>
    rawDocument(
      { type: 7, name: '_id', value: Buffer.from(ObjectId.createFromHexString((index + 1).toString(16).padStart(24, '0')).id) },
      { type: 16, name: '__v', value: Buffer.alloc(4) },
      { type: 16, name: 'position', value: Buffer.alloc(4) },
      text('priority', 'high'),
      text('title', 'Task'),
      { type: 9, name: 'dueDateAt', value: int64(value) },
    ),
  );
  await writeFile(join(folder, 'Tasks.bson'), rawDocuments(documents));
}
