/** Objects that look like Extended JSON, which source.json could not tell from what they look like. */
import { Binary, BSONRegExp, Code, Decimal128, Double, Int32, Long, MinKey, ObjectId, Timestamp } from 'bson';
import { writeDump } from '../../support/dump.ts';

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const values = [
  'text',
  new Int32(5),
  new Double(5),
  new Double(0.1),
  new Double(-0),
  Long.fromString('9007199254740993'),
  Long.fromNumber(7),
  Decimal128.fromString('1.10'),
  new Double(Number.NaN),
  true,
  null,
  id(1),
  new Date(0),
  new Date(253_402_300_800_000),
  [1, [2, { a: null }]],
  {},
  { '': { $oid: 'x' } },
  new BSONRegExp('a', 'i'),
  new Binary(Buffer.of(1), 0),
  new Timestamp({ t: 1, i: 2 }),
  new MinKey(),
  new Code('f', { a: 1 }),
];

export async function make(folder: string): Promise<void> {
  const tasks = values.map((tags, index) => ({ _id: id(index + 1), __v: 0, position: 0, priority: 'high', title: 'Task', tags }));
  await writeDump(folder, { Tasks: tasks });
}
