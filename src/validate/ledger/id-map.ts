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
 * On the server: rows that are not in the map, entries without a row or under the name of a collection that has no table, entries that
 * name another document, and entries that are there twice.
 */
export async function checkIdMap(context: Context): Promise<void> {
  const { catalog, target, findings, relations } = context;
  const suspects = await differing(context);
  if (suspects.size === 0) return;
  const tables = catalog.collections
    .filter(({ collection }) => suspects.has(collection))
    .map(({ collection }) => ` union all select ${literal(collection)}, id from ${relations(collection)}`);
  const rows = readTexts(
    target,
    `select coalesce(m.collection, t.collection), m.source_id, t.id::text
     from (select *, count(*) over (partition by collection, id) as times from ${stateSchema}.id_map
           where collection in (${[...suspects].map(literal).join(', ')})) m
     full join (select null::text as collection, null::uuid as id where false${tables.join('')}) t
       on t.collection = m.collection and t.id = m.id
     where t.id is null or m.id is null or m.times > 1 or (${objectIdOf('m.id')}) <> m.source_id`,
  );
  for await (const [collection, sourceId, id] of rows)
    findings.add('records', 'ID_MAP_WRONG', { collection: collection ?? '', sourceId: sourceId ?? id ?? '' });
}

/**
 * The collections whose entries and rows are not as many, or have another sum of hashes of their ids, or of which an entry names another
 * document: one pass over each side, by all processes; a join would take one process four times as long.
 */
async function differing({ catalog, target, relations }: Context): Promise<ReadonlySet<string>> {
  const sums = 'count(*) as n, sum(uuid_hash_extended(id, 0)) as hash';
  const tables = catalog.collections.map(
    ({ collection }) => `select ${literal(collection)}::text as collection, ${sums} from ${relations(collection)}`,
  );
  const rows = await target.query(
    `select coalesce(m.collection, t.collection) as collection
     from (select collection, ${sums}, bool_or((${objectIdOf('id')}) <> source_id) as is_other
           from ${stateSchema}.id_map group by collection) m
     full join (${tables.join(' union all ')}) t on t.collection = m.collection
     where coalesce(m.n, 0) <> coalesce(t.n, 0) or m.hash is distinct from t.hash or m.is_other`,
  );
  return new Set(rows.map(({ collection }) => String(collection)));
}
