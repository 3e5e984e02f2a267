/** Random documents of every collection of the catalog: mostly what the app wrote, and a good part of what it never should have. */
import { Binary, DBRef, Decimal128, type Document, Double, Int32, Long, ObjectId, serialize, Timestamp } from 'bson';
import type { CollectionSpec, ColumnSpec } from '../../../src/catalog/index.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { type Random, randomText, randomValue } from '../../support/random-bson.ts';

const { collections } = nextcrm;

export interface Generated {
  readonly spec: CollectionSpec;
  readonly documents: readonly { readonly value: Document; readonly bytes: Uint8Array }[];
}

const nobody = new ObjectId('0000000000000000000000ff');
const hours = 3_600_000;

export function generate(random: Random, documentsEach: number): readonly Generated[] {
  const ids = new Map(collections.map(({ collection }) => [collection, idsOf(random, documentsEach)]));
  return collections.map((spec) => ({
    spec,
    documents: (ids.get(spec.collection) ?? []).map((id) => {
      const value = { _id: id, ...fieldsOf(random, spec, ids) };
      return { value, bytes: serialize(value) };
    }),
  }));
}

type Ids = ReadonlyMap<string, readonly unknown[]>;

/** All different: a live server has no `_id` twice. */
function idsOf(random: Random, count: number): unknown[] {
  return Array.from({ length: count }, (_, n) => {
    const odd = random.below(20);
    if (odd === 0) return `id ${n}`;
    if (odd === 1) return new Int32(n);
    if (odd === 2) return new ObjectId(bytesOf(random, 12)).toHexString();
    if (odd === 3) return { n: new Int32(n), in: [randomText(random)] };
    return new ObjectId(bytesOf(random, 12));
  });
}

function bytesOf(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.below(256)));
}

function fieldsOf(random: Random, { collection, columns, links }: CollectionSpec, ids: Ids): Document {
  const fields: [string, unknown][] = [];
  for (const [name, column] of Object.entries(columns)) {
    const value = collection === 'Users' && name === 'email' ? emailOf(random) : columnValue(random, name, column, ids);
    if (value !== undefined) fields.push([name, value]);
    for (const former of column.formerly ?? []) {
      const older = random.below(3) === 0 ? columnValue(random, name, column, ids) : undefined;
      if (older !== undefined) fields.push([former, older]);
    }
  }
  for (const [name, { partner, formerly = [] }] of Object.entries(links)) {
    for (const former of formerly) if (random.below(3) === 0) fields.push([former, linkElement(random, ids.get(partner) ?? [])]);
    if (random.below(3) > 0) fields.push([name, arrayOf(random, () => linkElement(random, ids.get(partner) ?? []))]);
  }
  for (let more = random.below(6); more > 3; more -= 1) {
    // No digit at the end of a name of the catalog: none of these is one.
    fields.push([`${['constructor', '$where', 'a.b', '<b>', 'Name '][random.below(5)]}${more}`, randomValue(random)]);
  }
  return Object.fromEntries(fields);
}

function emailOf(random: Random): unknown {
  if (random.below(12) === 0) return odd(random);
  return `${random.below(2) === 0 ? 'user' : 'User'}${random.below(2_000)}@example.org${random.below(15) === 0 ? '\0' : ''}`;
}

/** Undefined: the field is not there. */
function columnValue(random: Random, name: string, column: ColumnSpec, ids: Ids): unknown {
  const safe = column.required === true && column.whenMissing === undefined;
  const dice = random.below(safe ? 120 : 20);
  if (dice === 0) return undefined;
  if (dice === 1) return null;
  if (dice < 5) return odd(random);
  if (!safe && dice < 8) return undefined;
  const partners = column.references === undefined ? [...ids.values()][random.below(ids.size)] : ids.get(column.references);
  const among = name === 'task' && random.below(2) === 0 ? ids.get('crm_Accounts_Tasks') : partners;
  return fitting(random, column, among ?? []);
}

/** A value of the kind, or one that becomes one. */
function fitting(random: Random, { kind, labels }: ColumnSpec, partners: readonly unknown[]): unknown {
  switch (kind) {
    case 'text':
      return randomText(random);
    case 'integer':
    case 'bigint':
      return pick(random, numbers)(random);
    case 'boolean':
      return pick(random, [
        true,
        false,
        true,
        false,
        'true',
        new Int32(1),
        new Double(0),
        Decimal128.fromString('1.0'),
        'yes',
        'No ',
        'OFF',
        '\u00a0On',
        'maybe',
      ]);
    case 'timestamp':
      return pick(random, dates)(random);
    case 'enum':
      return random.below(8) === 0 ? pick(random, labels ?? []).toLowerCase() : pick(random, labels ?? []);
    case 'jsonb':
      return randomValue(random);
    case 'text[]':
      return arrayOf(random, () => (random.below(8) === 0 ? randomValue(random) : randomText(random)));
    case 'uuid':
      return referenceTo(random, partners);
    case 'uuid[]':
      return arrayOf(random, () => linkElement(random, partners));
  }
}

const numbers: readonly ((random: Random) => unknown)[] = [
  (random) => new Int32(random.below(2 ** 32) | 0),
  (random) => Long.fromBits(random.below(2 ** 32) | 0, random.below(2 ** 32) | 0),
  (random) => new Double(random.below(1_000_000)),
  (random) => new Double((random.below(4_000) - 2_000) / 4),
  (random) => `${random.below(1_000_000) - 500_000}`,
  (random) => ` ${random.below(1_000)}.${random.below(10)}5 `,
  (random) =>
    `${random.below(2) === 0 ? '-' : ''}${1 + random.below(999)}${[' ', '\u00a0', '\u202f'][random.below(3)]}${100 + random.below(900)}`,
  (random) => `${random.below(99)} ${random.below(2_000)}`,
  (random) => Decimal128.fromString(`${random.below(10_000)}E${random.below(8) - 3}`),
  (random) => Long.fromNumber(random.below(1_000)),
];

const dates: readonly ((random: Random) => unknown)[] = [
  (random) => new Date((random.below(2 ** 32) - 2 ** 31) * 1_000 + random.below(1_000)),
  (random) => new Date((random.below(2 ** 28) - 2 ** 27) * 8 * hours),
  (random) => new Date(random.below(2 ** 32) * 1_000).toISOString(),
  (random) => new Date(random.below(2 ** 32) * 1_000).toISOString().slice(0, 10),
  (random) => Long.fromNumber(random.below(2 ** 32) * 1_000 + 7),
  (random) => new Timestamp({ t: random.below(2 ** 32), i: random.below(100) }),
];

/** Anything at all: other types, and what only looks right. */
function odd(random: Random): unknown {
  const like = [
    '',
    ' ',
    '12',
    '1e3',
    '0x1',
    'NaN',
    '2020-01-02T03:04:05Z',
    '2021-02-29',
    'true',
    'ACTIVE',
    'Active',
    nobody.toHexString(),
  ];
  return random.below(3) === 0 ? pick(random, like) : randomValue(random);
}

function referenceTo(random: Random, partners: readonly unknown[]): unknown {
  const partner = pick(random, partners) ?? nobody;
  const dice = random.below(20);
  if (dice === 0) return nobody;
  if (dice === 1) return 'nobody';
  if (dice === 2) return partner instanceof ObjectId ? partner.toHexString().toUpperCase() : partner;
  if (dice === 3) return new DBRef('anything', partner instanceof ObjectId ? partner : nobody);
  if (dice === 4) return new Binary(bytesOf(random, 16), 4);
  if (dice === 5) return [partner];
  if (dice === 6) return { $oid: (partner instanceof ObjectId ? partner : nobody).toHexString() };
  return partner;
}

function linkElement(random: Random, partners: readonly unknown[]): unknown {
  const dice = random.below(14);
  if (dice === 0) return null;
  if (dice === 1) return '';
  if (dice === 2) return randomValue(random, 4);
  return referenceTo(random, partners);
}

function arrayOf(random: Random, element: () => unknown): unknown {
  if (random.below(12) === 0) return element();
  const elements = Array.from({ length: random.below(6) }, element);
  // Some element once more.
  return random.below(4) === 0 && elements.length > 0 ? [...elements, elements[0]] : elements;
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)] as T;
}
