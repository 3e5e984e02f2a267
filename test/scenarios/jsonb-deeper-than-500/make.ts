/** Objects inside objects: the 500th and the 501st level. */
import { ObjectId } from 'bson';
import { writeDump } from '../../support/dump.ts';

type Nested = { a?: Nested };
function nested(levels: number): Nested {
  let inner: Nested = {};
  for (let level = 1; level < levels; level += 1) inner = { a: inner };
  return inner;
}
const task = (n: number, tags: Nested) => ({
  _id: new ObjectId(n.toString(16).padStart(24, '0')),
  __v: 0,
  position: 0,
  priority: 'high',
  title: 'Task',
  tags,
});

export async function make(folder: string): Promise<void> {
  await writeDump(folder, { Tasks: [task(1, nested(500)), task(2, nested(501)), task(3, nested(150))] });
}
