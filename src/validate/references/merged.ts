/**
 * Documents that were rejected because another one keeps their unique value: which one that is, found by the value itself, as the bytes of
 * the rejected document have it. References to them must refer to that one.
 */
import { type Catalog, specOf } from '../../catalog/index.ts';
import { stateSchema } from '../../schema-name.ts';
import { quoted } from '../../target/quoted.ts';
import { hasValue } from '../bson/scalar.ts';
import { asCorrected, isTried } from '../corrections/corrections.ts';
import { takenApart, valueAt } from '../records/documents.ts';
import type { UuidHex } from '../records/identity.ts';
import { layoutOf } from '../records/layout.ts';
import type { Relations } from '../relations.ts';
import { textOf } from '../rules/text.ts';
import { arrayLiteral, type TargetReader } from '../target-reader.ts';

/** As many rejected documents as are read at once: each may have 16 MB. */
const documentsMax = 20;

export class Merges {
  readonly #target: TargetReader;
  readonly #catalog: Catalog;
  readonly #relations: Relations;
  readonly #collections: ReadonlySet<string>;
  readonly #hasCorrections: boolean;

  constructor(
    target: TargetReader,
    catalog: Catalog,
    relations: Relations,
    collections: ReadonlySet<string>,
    hasCorrections: boolean,
  ) {
    this.#hasCorrections = hasCorrections;
    this.#target = target;
    this.#catalog = catalog;
    this.#relations = relations;
    this.#collections = collections;
  }

  /** Whether documents of the collection were rejected for a unique value. */
  has(collection: string | undefined): boolean {
    return collection !== undefined && this.#collections.has(collection);
  }

  /** By source id of a rejected document, the id of the row that has its value. */
  async survivorsOf(collection: string, sourceIds: Iterable<string>): Promise<ReadonlyMap<string, UuidHex>> {
    const survivors = new Map<string, UuidHex>();
    if (!this.has(collection)) return survivors;
    const rejected = await this.#rejected(collection, [...new Set(sourceIds)]);
    for (let start = 0; start < rejected.length; start += documentsMax) {
      const some = rejected.slice(start, start + documentsMax);
      for (const [sourceId, id] of await this.#survivors(collection, some)) survivors.set(sourceId, id);
    }
    return survivors;
  }

  async #rejected(collection: string, sourceIds: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#target.query(
      `select distinct r.source_id from (select distinct id from unnest($2::text::text[]) id) wanted
       join ${stateSchema}.reject r on r.source_id = wanted.id
       where r.collection = $1 and r.code = 'DUPLICATE_KEY'`,
      [collection, arrayLiteral(sourceIds)],
    );
    return rows.map((row) => String(row['source_id']));
  }

  async #survivors(collection: string, sourceIds: readonly string[]): Promise<readonly (readonly [string, UuidHex])[]> {
    const spec = specOf(this.#catalog, collection);
    if (spec === undefined) return [];
    const layout = layoutOf(collection, spec);
    const rows = await this.#target.query(
      `select r.source_id, r.field, r.bson, r.reason, ${this.#hasCorrections ? 'r.correction' : 'null'} as correction from unnest($2::text::text[]) wanted(id)
       join ${stateSchema}.reject r on r.source_id = wanted.id
       where r.collection = $1 and r.code = 'DUPLICATE_KEY'`,
      [collection, arrayLiteral(sourceIds)],
    );
    const values = rows.flatMap((row) => {
      const [sourceId, field, bytes] = [String(row['source_id']), String(row['field']), row['bson']];
      if (spec.columns[field]?.unique !== true || !(bytes instanceof Uint8Array)) return [];
      const rejected = takenApart(bytes, layout);
      const { correction, reason } = row;
      const isCorrected = typeof correction === 'string' && typeof reason === 'string' && isTried(reason);
      const corrected = isCorrected && rejected !== null ? asCorrected(rejected, correction, layout, spec) : null;
      const document = corrected ?? rejected;
      const value = document === null ? null : valueAt(document, layout.table.names.indexOf(field));
      const text = hasValue(value) ? textOf(value)?.bytes.toString() : undefined;
      return text === undefined ? [] : [{ sourceId, field, text }];
    });
    const survivors: (readonly [string, UuidHex])[] = [];
    for (const [field, ofField] of Map.groupBy(values, (value) => value.field)) {
      const column = quoted(field);
      const held = await this.#target.query(
        `select t.${column}::text as value, t.id::text as id from ${this.#relations(collection)} t where t.${column} in (select unnest($1::text::text[]))`,
        [arrayLiteral(ofField.map(({ text }) => text))],
      );
      const idOf = new Map(held.map((row) => [String(row['value']), String(row['id']).replaceAll('-', '')]));
      for (const { sourceId, text } of ofField) {
        const id = idOf.get(text);
        if (id !== undefined) survivors.push([sourceId, id]);
      }
    }
    return survivors;
  }
}

export async function readMerges(
  target: TargetReader,
  catalog: Catalog,
  relations: Relations,
  hasCorrections: boolean,
): Promise<Merges> {
  const rows = await target.query(`select distinct collection from ${stateSchema}.reject where code = 'DUPLICATE_KEY'`);
  return new Merges(target, catalog, relations, new Set(rows.map((row) => String(row['collection']))), hasCorrections);
}
