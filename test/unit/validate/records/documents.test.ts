/** Taking documents apart, and comparing their bytes with a row's without decoding either. */
import { Double, Int32, Long, ObjectId, serialize } from 'bson';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../../src/catalog/nextcrm.ts';
import { compareChanges } from '../../../../src/validate/ledger/recorded.ts';
import { DocumentBatch, takenApart, valueAt } from '../../../../src/validate/records/documents.ts';
import { FieldTable } from '../../../../src/validate/records/field-table.ts';
import { layoutOf } from '../../../../src/validate/records/layout.ts';
import { sameBytes, sameNormalized } from '../../../../src/validate/records/same-bytes.ts';
import { PairSets } from '../../../../src/validate/references/pair-sets.ts';
import { columnOf } from '../../../../src/validate/rules/column.ts';
import { arrayLiteral } from '../../../../src/validate/target-reader.ts';
import { suite } from '../../../support/suite.ts';
import { bsonValue, int64Bytes, pg, rawValue } from '../value.ts';

const { collections } = nextcrm;

const test = suite('documents taken apart');
const spec = collections.find(({ collection }) => collection === 'Documents_Types');
if (spec === undefined) throw new Error('Documents_Types is in the catalog');
const layout = layoutOf('Documents_Types', spec);
const id = new ObjectId('5e0be1000000000000000001');
const slot = (name: string) => layout.table.names.indexOf(name);

test('every field is at its place, in whatever order, and the unknown ones are leftovers', () => {
  const document = takenApart(serialize({ name: 'n', extra: 1, _id: id, __v: 3 }), layout);
  assert.ok(document !== null);
  assert.is(document.sourceId, id.toHexString());
  const name = valueAt(document, slot('name'));
  assert.is(name?.bytes.toString('utf8', name.start + 4, name.end - 1), 'n');
  assert.is(document.leftovers.length, 1);
  assert.is(valueAt(document, slot('__v'))?.type, 16);
});

test('of a repeated field the last is taken, the former ones are leftovers', () => {
  const bytes = Buffer.from(serialize({ _id: id, name: 'first', namf: 'last' }));
  bytes.write('name', bytes.indexOf('namf'));
  const document = takenApart(bytes, layout);
  assert.ok(document !== null);
  const name = valueAt(document, slot('name'));
  assert.is(name?.bytes.toString('utf8', name.start + 4, name.end - 1), 'last');
  assert.equal(
    document.leftovers.map((element) => element.bytes.toString('utf8', element.nameStart, element.nameEnd)),
    ['name'],
  );
});

test('a former name stands for the present one where that has no value', () => {
  const boards = collections.find(({ collection }) => collection === 'Boards');
  assert.ok(boards !== undefined);
  const of = layoutOf('Boards', boards);
  const present = of.table.names.indexOf('createdAt');
  const [alone, beside, both, none] = [
    { _id: id, date_created: new Date(1) },
    { _id: id, createdAt: null, date_created: new Date(1) },
    { _id: id, date_created: new Date(1), createdAt: new Date(2) },
    { _id: id, date_created: null },
  ].map((document) => takenApart(serialize(document), of));
  assert.equal(alone?.renamed?.get(present), { from: 'date_created', hasNull: false });
  assert.equal(beside?.renamed?.get(present), { from: 'date_created', hasNull: true });
  assert.equal([alone?.leftovers.length, beside?.leftovers.length], [0, 0]);
  for (const document of [both, none]) {
    assert.is(document?.renamed, null);
    assert.is(document?.leftovers.length, 1);
  }
  assert.is(both == null ? null : valueAt(both, present)?.bytes.readBigInt64LE(valueAt(both, present)?.start), 2n);
});

test('what cannot be walked is distinguished from what can, at any depth', () => {
  const whole = Buffer.from(serialize({ _id: id, name: 'n', deep: { in: { more: [1, 'x'] } }, flag: true }));
  const damaged: Buffer[] = [];
  const damage = (change: (bytes: Buffer) => void) => {
    const copy = Buffer.from(whole);
    change(copy);
    damaged.push(copy);
  };
  damage((bytes) => bytes.writeInt32LE(bytes.length + 1, 0));
  damage((bytes) => bytes.writeUInt8(1, bytes.length - 1));
  damage((bytes) => bytes.writeUInt8(0x42, bytes.indexOf('name') - 1));
  damage((bytes) => bytes.writeInt32LE(1000, bytes.indexOf('more') + 5));
  damage((bytes) => bytes.writeInt32LE(-1, bytes.indexOf('name') + 5));
  damage((bytes) => bytes.writeUInt8(2, bytes.indexOf('flag') + 5));
  damaged.push(whole.subarray(0, 20), Buffer.alloc(0), Buffer.alloc(3));
  const batch = new DocumentBatch(layout, damaged.length + 2);
  for (const bytes of [whole, ...damaged, whole]) batch.add(bytes);
  assert.equal(
    Array.from(batch, ({ raw, leftovers }) => [raw.equals(whole), leftovers.length]),
    [
      [true, 2],
      [true, 2],
    ],
  );
  assert.equal(
    batch.malformed,
    damaged.map((_, index) => index + 1),
  );
});

test('a name is found by its bytes, and only whole', () => {
  const names = collections
    .flatMap(({ columns }) => Object.keys(columns))
    .filter((name, index, all) => all.indexOf(name) === index);
  const table = new FieldTable(names);
  for (const [index, name] of names.entries()) {
    const bytes = Buffer.from(`_${name}_`);
    assert.is(table.find(bytes, 1, bytes.length - 1), index);
    assert.is(table.find(Buffer.from(`${name}!`), 0, name.length + 1), -1);
  }
});

test('equal bytes are what the rules carry, for every kind and type', () => {
  const uuid = '5e0be100-0000-8000-8000-000001000000';
  const [textOid, uuidOid] = [25, 2950];
  /** Beyond it a column of money is not given a number. */
  const largest = 9_999_999_999_999_999n;
  const values = [
    new Int32(5),
    Long.fromNumber(5),
    Long.fromNumber(-5),
    new Int32(-5),
    new Double(5),
    'INVOICE',
    'é',
    '',
    true,
    false,
    id,
    new Date(5),
    new Date(-5),
    rawValue(9, int64Bytes(9_224_318_015_999_999n)),
    Long.fromBigInt(largest),
    Long.fromBigInt(largest + 1n),
    Long.fromBigInt(-largest),
    [],
    ['a', 'é'],
    ['a', 'é', null],
    ['a'],
    [id],
    [id, id],
    [id.toHexString()],
  ];
  const fields = [
    pg.int4(5),
    pg.int4(-5),
    pg.int8(5n),
    pg.int8(-5n),
    pg.text('INVOICE'),
    pg.text('é'),
    pg.text(''),
    pg.bool(true),
    pg.bool(false),
    pg.uuid(uuid),
    pg.timestamp(5n),
    pg.timestamp(-5n),
    pg.timestamp(6n),
    pg.timestamp(9_224_318_015_999_999n),
    pg.int8(largest),
    pg.int8(largest + 1n),
    pg.int8(-largest),
    ...[textOid, uuidOid].map((oid) => pg.array(oid, [])),
    pg.array(textOid, [pg.text('a'), pg.text('é')]),
    pg.array(textOid, [pg.text('a')]),
    pg.array(textOid, [pg.text(id.toHexString())]),
    pg.array(uuidOid, [pg.uuid(uuid)]),
    pg.array(uuidOid, [pg.uuid(uuid), pg.uuid(uuid)]),
  ];
  const same = new Map<string, number>();
  for (const spec of collections) {
    for (const [field, column] of Object.entries(spec.columns)) {
      const { rule } = columnOf(spec, field, column);
      const isSame = sameNormalized(sameBytes[column.kind], column.normalize);
      for (const given of values) {
        const value = typeof given === 'object' && 'bytes' in given && 'end' in given ? given : bsonValue(given);
        for (const actual of fields) {
          // No row holds a label that the type does not have.
          if (column.kind === 'enum' && column.labels?.includes(actual.toString()) !== true) continue;
          const held = Buffer.concat([Buffer.of(1, 2, 3), actual, Buffer.of(4)]);
          if (!isSame(value.type, value.bytes, value.start, value.end, held, 3, actual.length)) continue;
          const kind = `${column.kind}${typeof column.normalize === 'object' ? ' within bounds' : ''}`;
          same.set(kind, (same.get(kind) ?? 0) + 1);
          assert.equal(rule(value, actual, []), { changes: [], conditions: [] }, `${field} ${value.type}`);
        }
      }
    }
  }
  for (const kind of [
    'text',
    'enum',
    'integer',
    'bigint',
    'bigint within bounds',
    'boolean',
    'timestamp',
    'uuid',
    'text[]',
    'uuid[]',
  ])
    assert.ok((same.get(kind) ?? 0) > 0, kind);
});

test('records are compared as often as they stand there', () => {
  const one = { code: 'A', original: '1' };
  const two = { code: 'B', original: null };
  assert.is(compareChanges([one, two], [two, one]), null);
  assert.is(compareChanges([one], []), 'CHANGE_MISSING');
  assert.is(compareChanges([one, one], [one]), 'CHANGE_MISSING');
  assert.is(compareChanges([one], [one, one]), 'CHANGE_EXTRA');
  assert.is(compareChanges([one], [two]), 'CHANGE_WRONG');
  assert.is(compareChanges([one], [{ ...one, original: '2' }]), 'CHANGE_WRONG');
});

test('pairs are held once, and in parts they are held all', () => {
  const link = { junction: 'AccountWatchers', side: 'left', partner: 'Users' } as const;
  const uuid = (n: number) => n.toString(16).padStart(32, '0');
  const parts = new Map([['AccountWatchers', 3]]);
  const sets = [0, 1, 2].map((part) => new PairSets(parts, part));
  for (let n = 0; n < 5000; n += 1) {
    for (const set of sets) {
      set.add(link, uuid(n % 100), uuid(n % 1000));
      set.add({ ...link, side: 'right' }, uuid(n % 1000), uuid(n % 100));
    }
  }
  assert.is(
    sets.reduce((sum, set) => sum + set.size('AccountWatchers'), 0),
    1000,
  );
  assert.ok(sets.every((set) => set.has('AccountWatchers', uuid(7), uuid(107))));
  assert.is(sets.filter((set) => set.has('AccountWatchers', uuid(107), uuid(7))).length, 2);
});

test('a list is one parameter whatever its texts hold', () => {
  assert.is(arrayLiteral(['a', '{"x":"\\\\"}', '']), '{"a","{\\"x\\":\\"\\\\\\\\\\"}",""}');
});

test.run();
