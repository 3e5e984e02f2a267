/** A dump of another application's database: nothing is written. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

const industry = (n: number) =>
  Buffer.from(serialize({ _id: new ObjectId(n.toString(16).padStart(24, '0')), __v: 0, name: `Industry ${n}` }));

export async function make(folder: string): Promise<void> {
  await writeFile(join(folder, 'wp_posts.bson'), industry(1));
}
