/** What the target holds of the generated documents, read from the server table by table. */
import { EJSON, ObjectId } from 'bson';
import type { CollectionSpec, Kind } from '../../../src/catalog/index.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { quoted } from '../../../src/target/quoted.ts';
import type { Session } from '../../../src/target/session.ts';
import { type Cell, normalised, type Recorded } from './values.ts';

const { junctions } = nextcrm;

export interface Reject {
  readonly code: string;
  readonly field: string | null;
  readonly bson: Uint8Array;
}

export interface Held {
  /** By UUID. */
  readonly rows: ReadonlyMap<string, Readonly<Record<string, Cell>>>;
  /** By source id, as the others: every document with a row. */
  readonly ids: ReadonlyMap<string, string>;
  /** By source id and field. */
  readonly changes: ReadonlyMap<string, ReadonlyMap<string, readonly Recorded[]>>;
  /** By source id: field and value as normalised JSON. */
  readonly leftovers: ReadonlyMap<string, readonly (readonly [string, string])[]>;
  readonly rejects: ReadonlyMap<string, readonly Reject[]>;
}

export function sourceIdOf(id: unknown): string {
  return id instanceof ObjectId ? id.toHexString() : normalised(EJSON.stringify(id, { relaxed: false }));
}

/** Source ids of the ledger are JSON too, unless they are the digits of an ObjectId. */
function key(sourceId: unknown): string {
  const text = String(sourceId);
  return /^[0-9a-f]{24}$/.test(text) ? text : normalised(text);
}

export async function readHeld(session: Session, { collection, columns }: CollectionSpec): Promise<Held> {
  const ask = (table: string, names: string) =>
    session.query<Record<string, unknown>>(`select source_id, ${names} from nextcrm_migration.${table} where collection = $1`, [
      collection,
    ]);
  const changes = new Map<string, Map<string, Recorded[]>>();
  for (const { source_id, field, code, original } of await ask('change', 'field, code, original')) {
    const fields = entry(changes, key(source_id), () => new Map<string, Recorded[]>());
    entry(fields, String(field), () => []).push([String(code), typeof original === 'string' ? normalised(original) : null]);
  }
  const leftovers = new Map<string, [string, string][]>();
  for (const { source_id, field, value } of await ask('leftover', 'field, value')) {
    entry(leftovers, key(source_id), () => []).push([String(field), normalised(String(value))]);
  }
  const rejects = new Map<string, Reject[]>();
  for (const { source_id, code, field, bson } of await ask('reject', 'code, field, bson')) {
    const bytes = bson instanceof Uint8Array ? bson : new Uint8Array(0);
    entry(rejects, key(source_id), () => []).push({
      code: String(code),
      field: field === null ? null : String(field),
      bson: bytes,
    });
  }
  const ids = new Map((await ask('id_map', 'id::text as id')).map(({ source_id, id }) => [key(source_id), String(id)]));
  const list = Object.entries(columns).map(([name, { kind }]) => `${shown(quoted(name), kind)} as ${quoted(name)}`);
  const found = await session.query<Record<string, string | null>>(
    `select ${['id::text as id', ...list].join(', ')} from public.${quoted(collection)}`,
  );
  const rows = new Map(
    found.map((row) => [
      String(row['id']),
      Object.fromEntries(
        Object.entries(columns).map(([name, { kind }]): [string, Cell] => [name, cellOf(row[name] ?? null, kind)]),
      ),
    ]),
  );
  return { rows, ids, changes, leftovers, rejects };
}

/** By junction table: "left right". */
export async function readPairs(session: Session): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const pairs = new Map<string, Set<string>>();
  for (const { table, left, right } of junctions) {
    const rows = await session.query<{ pair: string }>(
      `select ${quoted(left.column)} || ' ' || ${quoted(right.column)} as pair from public.${quoted(table)}`,
    );
    pairs.set(table, new Set(rows.map(({ pair }) => pair)));
  }
  return pairs;
}

function shown(column: string, kind: Kind): string {
  if (kind === 'timestamp') return `(extract(epoch from ${column}) * 1000)::bigint::text`;
  return kind === 'text[]' || kind === 'uuid[]' ? `to_json(${column})::text` : `${column}::text`;
}

function cellOf(text: string | null, kind: Kind): Cell {
  if (text === null) return null;
  if (kind === 'jsonb') return { json: JSON.parse(text) };
  return kind === 'text[]' || kind === 'uuid[]' ? (JSON.parse(text) as string[]) : text;
}

function entry<V>(map: Map<string, V>, name: string, make: () => V): V {
  const found = map.get(name);
  if (found !== undefined) return found;
  const made = make();
  map.set(name, made);
  return made;
}
