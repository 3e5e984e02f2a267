/** The map of ids: every document that has a row, and nothing else. */
import { stateSchema } from '../../schema-name.ts';
import { literal } from '../../target/quoted.ts';
import type { Context } from '../context.ts';
import type { SourceDocument } from '../records/documents.ts';
import type { UuidHex } from '../records/identity.ts';
import { arrayLiteral } from '../target-reader.ts';
import { readTexts } from '../texts.ts';

/** Documents that have a row and an id that is no ObjectId: only the map leads back to them, so it is asked for each. */
export async function checkHashedIds(
  { target, findings }: Context,
  collection: string,
  hashed: readonly SourceDocument[],
): Promise<void> {
  if (hashed.length === 0) return;
  const found = await target.query(
    `select id::text as id, source_id from ${stateSchema}.id_map where collection = $1 and id in (select unnest($2::text::uuid[]))`,
    [collection, arrayLiteral(hashed.map(({ id }) => id))],
  );
  const mapped = new Map(found.map((row) => [String(row['id']).replaceAll('-', ''), String(row['source_id'])]));
  const bySourceId = new Map<UuidHex, Set<string>>();
  for (const { id, sourceId } of hashed) bySourceId.set(id, (bySourceId.get(id) ?? new Set()).add(sourceId));
  for (const [id, sourceIds] of bySourceId) {
    const sourceId = mapped.get(id);
    if (sourceId === undefined || !sourceIds.has(sourceId))
      findings.add('records', 'ID_MAP_WRONG', { collection, sourceId: [...sourceIds][0] ?? '' });
  }
}

/** An ObjectId in the sight of its UUIDv8, in SQL of validation's own. */
function objectIdOf(id: string): string {
  const hex = `encode(uuid_send(${id}), 'hex')`;
  return `case when ${hex} like '____________8___8_________000000'
    then substr(${hex}, 1, 12) || substr(${hex}, 14, 3) || substr(${hex}, 18, 9) end`;
}

/**
 * On the server, by one join of the map with all tables: rows that are not in the map, entries without a row or under the name of a
 * collection that has no table, entries that name another document.
 */
export async function checkIdMap({ catalog, target, findings, relations }: Context): Promise<void> {
  const tables = catalog.collections.map(
    ({ collection }) => `select ${literal(collection)}::text as collection, id from ${relations(collection)}`,
  );
  const rows = readTexts(
    target,
    `select coalesce(m.collection, t.collection), m.source_id, t.id::text
     from ${stateSchema}.id_map m
     full join (${tables.join(' union all ')}) t on t.collection = m.collection and t.id = m.id
     where t.id is null or m.id is null or (${objectIdOf('m.id')}) <> m.source_id`,
  );
  for await (const [collection, sourceId, id] of rows)
    findings.add('records', 'ID_MAP_WRONG', { collection: collection ?? '', sourceId: sourceId ?? id ?? '' });
}
