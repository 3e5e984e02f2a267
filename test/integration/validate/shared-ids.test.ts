/** Documents that the ledger names alike: without an `_id`, with one `_id`, or with ids that differ in invalid bytes only. */
import { join } from 'node:path';
import { type Document, ObjectId, serialize } from 'bson';
import * as assert from 'uvu/assert';
import { groundOf } from '../../support/ground.ts';
import { dumpUrl } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('documents of one name in the ledger');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const user = (n: number, email: unknown, fields: Document = {}): Document => ({ _id: id(n), __v: 0, email, ...fields });

test('an unknown collection without ids, with repeated ids or with ids that differ in invalid bytes is kept whole', async () => {
  await using at = await groundOf();
  const invalid = (byte: number) => {
    const bytes = Buffer.from('\x16\0\0\0\x02_id\0\x03\0\0\0?x\0\x10n\0\x01\0\0\0\0', 'latin1');
    bytes.writeInt32LE(bytes.length, 0);
    bytes[bytes.indexOf('?')] = byte;
    return bytes;
  };
  const ended = await at.run({
    Users: [user(1, 'one@example.com')],
    applog: Array.from({ length: 20_000 }, (_, n) => ({ n })),
    twins: Array.from({ length: 3_000 }, (_, n) => ({ _id: 'same', n, text: 'x'.repeat(n % 7 === 0 ? 5_000 : 3) })),
    odd: [invalid(0xff), invalid(0xfe), invalid(0xfe)],
  });
  assert.is(ended.exit, 0, `${ended.output}${JSON.stringify(await at.findings())}`);
  assert.equal(await at.counts('select count(*) as n from nextcrm_migration.leftover'), ['23003']);
});

test('ids of a known collection that differ in invalid bytes only are two documents', async () => {
  await using at = await groundOf();
  const invalid = (byte: number, more: Document): Uint8Array => {
    const bytes = Buffer.from(rawUser(more));
    bytes[bytes.indexOf('?')] = byte;
    return bytes;
  };
  const source = {
    Users: [
      invalid(0xff, { email: 'one@example.com', name: 1, strange: 'a' }),
      invalid(0xfe, { email: 'two@example.com', strange: 'b' }),
    ],
  };
  const ended = await at.run(source);
  assert.is(ended.exit, 0, `${ended.output}${JSON.stringify(await at.findings())}`);
  assert.equal(await at.counts('select count(*) as n from public."Users"'), ['2']);
  await at.session.script(`update nextcrm_migration.leftover set value = '"c"' where value = '"a"'`);
  const verified = await at.place.run(['verify'], {
    MONGODB_URL: dumpUrl(join(at.place.folder, 'dump')),
    DATABASE_URL: at.database.url,
  });
  assert.is(verified.exit, 1, verified.output);
  assert.equal(await at.findings(), ['LEFTOVER_WRONG Users 1']);
});

test('a damaged number of fields is found, as long as nothing else explains it', async () => {
  await using at = await groundOf();
  assert.is((await at.run({ Users: [user(1, 'one@example.com', { strange: 1, name: 2 })] })).exit, 0);
  await at.session.script(`update nextcrm_migration.progress set fields = fields + 1 where collection = 'Users'`);
  const verified = await at.place.run(['verify'], {
    MONGODB_URL: dumpUrl(join(at.place.folder, 'dump')),
    DATABASE_URL: at.database.url,
  });
  assert.is(verified.exit, 1, verified.output);
  assert.equal(await at.findings(), ['COUNT_MISMATCH Users 1']);
});

function rawUser(more: Document): Uint8Array {
  return serialize({ _id: '?x', __v: 0, ...more });
}

test.run();
