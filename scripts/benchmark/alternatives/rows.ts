/**
 * What a script that a user writes for this one time does: decodes documents with MongoDB's own library, gives every document a new id,
 * looks the ids of references up in a map, and hands over rows by the thousand.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Document, deserialize, EJSON, ObjectId } from 'bson';
import type { CollectionSpec, ColumnSpec } from '../../../src/catalog/index.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';

const { collections, junctions } = nextcrm;

export type Row = Record<string, unknown>;

export interface Rows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly json: ReadonlySet<string>;
  readonly rows: readonly Row[];
}

const rowsAtOnce = 1000;

export async function* rowsOf(folder: string): AsyncGenerator<Rows> {
  const ids = new Map<string, string>();
  const pairs = new Map(junctions.map(({ table }) => [table as string, new Set<string>()]));
  for (const spec of collections) {
    const json = new Set(Object.entries(spec.columns).flatMap(([name, { kind }]) => (kind === 'jsonb' ? [name] : [])));
    const columns = ['id', ...Object.keys(spec.columns)];
    let rows: Row[] = [];
    for await (const document of documentsIn(join(folder, `${spec.collection}.bson`))) {
      const row = rowOf(document, spec, ids);
      collectPairs(document, String(row['id']), spec, ids, pairs);
      rows.push(row);
      if (rows.length < rowsAtOnce) continue;
      yield { table: spec.collection, columns, json, rows };
      rows = [];
    }
    if (rows.length > 0) yield { table: spec.collection, columns, json, rows };
  }
  yield* pairRows(pairs);
}

async function* documentsIn(file: string): AsyncGenerator<Document> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = bytes.readInt32LE(at);
      if (bytes.length - at < length) break;
      yield deserialize(bytes.subarray(at, at + length));
      at += length;
    }
    rest = bytes.subarray(at);
  }
}

function idOf(value: unknown, ids: Map<string, string>): string | null {
  if (!(value instanceof ObjectId)) return null;
  const hex = value.toHexString();
  let id = ids.get(hex);
  if (id === undefined) {
    id = randomUUID();
    ids.set(hex, id);
  }
  return id;
}

function rowOf(document: Document, spec: CollectionSpec, ids: Map<string, string>): Row {
  const row: Row = { id: idOf(document['_id'], ids) };
  for (const [name, column] of Object.entries(spec.columns))
    row[name] = converted(document[name], column, ids) ?? missing(column, document, row);
  return row;
}

function converted(value: unknown, { kind }: ColumnSpec, ids: Map<string, string>): unknown {
  if (value === undefined || value === null) return null;
  switch (kind) {
    case 'uuid':
      return idOf(value, ids);
    case 'uuid[]':
      return Array.isArray(value) ? value.map((element) => idOf(element, ids)).filter((id) => id !== null) : [];
    case 'text[]':
      return Array.isArray(value) ? value.map(String) : [String(value)];
    case 'bigint':
      return BigInt(Math.round(Number(value)));
    case 'integer':
      return Math.round(Number(value));
    case 'jsonb':
      return JSON.parse(EJSON.stringify(value, { relaxed: true })) as unknown;
    case 'timestamp':
      return new Date(value as Date);
    case 'text':
      return String(value);
    case 'boolean':
    case 'enum':
      return value;
  }
}

function missing({ whenMissing, required, kind }: ColumnSpec, document: Document, row: Row): unknown {
  if (whenMissing === 'creation time') return (document['_id'] as ObjectId).getTimestamp();
  if (whenMissing !== undefined) {
    if ('sameAs' in whenMissing) return row[whenMissing.sameAs];
    return kind === 'bigint' ? BigInt(whenMissing.value) : whenMissing.value;
  }
  return required === true && kind.endsWith('[]') ? [] : null;
}

type Pairs = ReadonlyMap<string, Set<string>>;

function collectPairs(document: Document, own: string, { links }: CollectionSpec, ids: Map<string, string>, pairs: Pairs): void {
  for (const [field, { junction, side }] of Object.entries(links)) {
    const partners: unknown = document[field];
    if (!Array.isArray(partners)) continue;
    for (const partner of partners) {
      const other = idOf(partner, ids);
      if (other !== null) pairs.get(junction)?.add(side === 'left' ? `${own} ${other}` : `${other} ${own}`);
    }
  }
}

function* pairRows(pairs: Pairs): Generator<Rows> {
  for (const { table, left, right } of junctions) {
    const all = [...(pairs.get(table) ?? [])];
    for (let at = 0; at < all.length; at += rowsAtOnce) {
      const rows = all.slice(at, at + rowsAtOnce).map((pair) => {
        const [first, second] = pair.split(' ');
        return { [left.column]: first, [right.column]: second };
      });
      yield { table, columns: [left.column, right.column], json: new Set(), rows };
    }
  }
}
