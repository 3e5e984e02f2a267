/** A `.bson.gz` with a byte altered at its end: all documents load, and the checksum says that one of them is not what it was. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  const packed = gzipSync(Buffer.concat([industry(1), industry(2)]));
  packed.writeUInt32LE(0, packed.length - 8);
  await writeFile(join(folder, 'crm_Industry_Type.bson.gz'), packed);
}
