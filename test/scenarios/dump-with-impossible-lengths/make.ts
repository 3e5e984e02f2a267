/** Documents whose length is larger than the file, larger than any document, negative, or zero as in a stretch of zeros: there is no telling where the next one begins. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  for (const [collection, length] of [
    ['crm_Industry_Type', 1_000_000],
    ['Documents_Types', 0x7fff_ffff],
    ['invoice_States', -5],
    ['crm_Opportunities_Type', 0],
  ] as const) {
    const bytes = Buffer.concat([industry(1), industry(2), industry(3)]);
    bytes.writeInt32LE(length, 52);
    await writeFile(join(folder, `${collection}.bson`), bytes);
  }
}
