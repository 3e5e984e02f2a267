/** A `.bson.gz` with a stretch of its compressed bytes overwritten: what stands before it loads. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  const documents = Array.from({ length: 2_000 }, (_, n) => industry(n + 1));
  const packed = gzipSync(Buffer.concat(documents));
  packed.fill(0xff, packed.length / 2, packed.length / 2 + 64);
  await writeFile(join(folder, 'crm_Industry_Type.bson.gz'), packed);
}
