/** A document of 16 MiB exactly. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId, serialize } from 'bson';

export async function make(folder: string): Promise<void> {
  const limit = 16 * 1024 * 1024;
  const task = {
    _id: new ObjectId('000000000000000000000001'),
    __v: 0,
    position: 0,
    priority: 'high',
    title: 'Task',
    content: '',
  };
  const room = limit - serialize(task).length;
  await writeFile(join(folder, 'Tasks.bson'), serialize({ ...task, content: 'words, '.repeat(room / 7 + 1).slice(0, room) }));
}
