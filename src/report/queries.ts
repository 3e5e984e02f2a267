/** SQL that shows the rows behind a finding, to be pasted into psql. Names and ids are the source's: quoted, always. */
import { type Catalog, type CollectionSpec, junctionOf, specOf } from '../catalog/index.ts';
import { isRejectCode } from '../findings/codes.ts';
import type { Finding } from '../findings/finding.ts';
import { stateSchema } from '../schema-name.ts';
import { literal, quoted } from '../target/quoted.ts';

/** Longer ids make a query that nobody pastes. */
const idLengthMax = 100;

/** A finding of a collection, with the ids that a query can name. */
interface Place {
  readonly catalog: Catalog;
  readonly collection: string;
  readonly spec: CollectionSpec | undefined;
  readonly field: string | null;
  readonly ids: readonly string[];
}

export function queryFor(finding: Finding, catalog: Catalog): string | null {
  const { code, layer, collection, field, sourceIds, count } = finding;
  if (collection === null) return null;
  if (isRejectCode(code) && layer === 'load') {
    return `select source_id, field, reason, document from ${stateSchema}.reject where collection = ${literal(collection)} and code = ${literal(code)}${fieldIs(field)} order by source_id;`;
  }
  const spec = specOf(catalog, collection);
  const ids = sourceIds.filter((id) => id.length <= idLengthMax);
  const query = rowsOf(code, { catalog, collection, spec, field, ids });
  const isPart =
    query !== null && ids.some((id) => query.includes(id)) && (count > sourceIds.length || ids.length < sourceIds.length);
  return isPart ? `-- For the first ${ids.length} source ids; the finding counts ${count}.\n${query}` : query;
}

/** Whether it names the first source ids only. */
export const isPartial = (query: string): boolean => query.startsWith('-- ');

function rowsOf(code: string, place: Place): string | null {
  switch (code) {
    case 'SOURCE_DAMAGED':
      return `select file, byte_offset, reason from ${stateSchema}.damage where ${inCollection(place)} order by file, byte_offset;`;
    case 'COUNT_MISMATCH':
      return counts(place);
    case 'CHANGE_WRONG':
    case 'CHANGE_EXTRA':
      return `select * from ${stateSchema}.change where ${inCollection(place)}${fieldIs(place.field)}${among(place)} order by source_id;`;
    case 'LEFTOVER_WRONG':
      return `select * from ${stateSchema}.leftover where ${inCollection(place)}${fieldIs(place.field)}${among(place)} order by source_id;`;
    case 'REJECT_WRONG':
      return `select source_id, code, field, reason from ${stateSchema}.reject where ${inCollection(place)}${among(place)} order by source_id;`;
    case 'ROW_MISSING':
      // The rows are not there; this is where they should be.
      return `select * from ${stateSchema}.id_map where ${inCollection(place)}${among(place)} order by source_id;`;
    case 'ROW_EXTRA':
      return `select t.* from public.${quoted(place.collection)} t where ${rowsByName('t', place) ?? withoutEntry(place)} order by t.id;`;
    case 'ID_MAP_WRONG':
      return mapEntries(place);
    case 'ID_INVALID':
      return `select t.* from public.${quoted(place.collection)} t where t.id::text in (${list(place.ids)});`;
    case 'ARCHIVE_WRONG':
      return bothCopies(place);
    case 'LINK_EXTRA':
      return pairs(place);
    case 'KEY_NOT_VALIDATED':
      return orphans(place);
    case 'FIELD_DIFFERS':
    case 'CHANGE_MISSING':
    case 'REFERENCE_LOST':
    case 'REFERENCE_INTRODUCED':
    case 'LINK_MISSING':
      return place.field !== null && place.spec?.links[place.field] !== undefined ? linksOf(place, place.field) : fieldOf(place);
    default:
      return null;
  }
}

/** The field as the row has it. Through JSON, because a column may be gone. */
function fieldOf(place: Place): string {
  const { collection, field } = place;
  const shown = field === null ? 't.*' : `to_jsonb(t) -> ${literal(field)} as ${quoted(field)}`;
  return `select m.source_id, m.id, ${shown} from public.${quoted(collection)} t join ${stateSchema}.id_map m on m.id = t.id where m.${inCollection(place)}${among(place)} order by m.source_id;`;
}

/** All pairs of the documents; a document without any is a line of its own. */
function linksOf(place: Place, field: string): string | null {
  const link = place.spec?.links[field];
  if (link === undefined) return null;
  const junction = junctionOf(place.catalog, link.junction);
  if (junction === undefined) return null;
  const column = quoted(junction[link.side].column);
  return `select m.source_id, m.id, j.* from ${stateSchema}.id_map m left join public.${quoted(junction.table)} j on j.${column} = m.id where m.${inCollection(place)}${among(place)} order by m.source_id;`;
}

function counts(place: Place): string {
  const { collection, spec } = place;
  const of = (table: string, more = '') => `(select count(*) from ${stateSchema}.${table} where ${inCollection(place)}${more})`;
  const kept = spec === undefined ? of('leftover', ' and field is null') : `(select count(*) from public.${quoted(collection)})`;
  return `select (select read from ${stateSchema}.progress where ${inCollection(place)}) as read, ${kept} as kept, ${of('reject')} as rejected, ${of('damage')} as unreadable;`;
}

/** Rows beside their entries, and entries without a row. */
function mapEntries(place: Place): string {
  const { collection, spec, ids } = place;
  if (spec === undefined)
    return `select * from ${stateSchema}.id_map where ${inCollection(place)}${among(place)} order by source_id;`;
  const where =
    ids.length === 0 ? 'm.id is null or t.id is null' : `m.source_id in (${list(ids)}) or t.id::text in (${list(ids)})`;
  return `select m.source_id, m.id as id_in_map, t.id as id_of_row from (select * from ${stateSchema}.id_map where ${inCollection(place)}) m full join public.${quoted(collection)} t on t.id = m.id where ${where};`;
}

/** The row in the table and its copy in the archive; or copies that stand twice. */
function bothCopies({ collection, ids, spec }: Place): string | null {
  if (spec === undefined) return null;
  const archive = `nextcrm_archive.${quoted(collection)}`;
  if (ids.length === 0) return `select id, count(*) from ${archive} group by id having count(*) > 1 order by id;`;
  const of = (side: string, table: string) =>
    `select ${literal(side)} as side, id, to_jsonb(t) as row from ${table} t where id::text in (${list(ids)})`;
  return `${of('table', `public.${quoted(collection)}`)} union all ${of('archive', archive)} order by id, side;`;
}

function pairs({ catalog, collection, ids }: Place): string | null {
  const junction = junctionOf(catalog, collection);
  if (junction === undefined || ids.length === 0) return null;
  const wanted = ids.map((id) => `(${id.split(' ').map(idOf).join(', ')})`);
  return `select * from public.${quoted(collection)} where (${quoted(junction.left.column)}, ${quoted(junction.right.column)}) in (${wanted.join(', ')});`;
}

/** Rows that name nothing; where there is none, the key itself is what is wrong. */
function orphans({ catalog, collection, spec, field }: Place): string | null {
  const junction = junctionOf(catalog, collection);
  const side = [junction?.left, junction?.right].find((one) => one?.column === field);
  const partner = side?.collection ?? spec?.columns[field ?? '']?.references;
  if (field === null || partner === undefined) return null;
  const column = `t.${quoted(field)}`;
  return `select t.* from public.${quoted(collection)} t where ${column} is not null and not exists (select from public.${quoted(partner)} p where p.id = ${column});`;
}

/** Where every id says which row it is: an ObjectId or the UUID itself. */
function rowsByName(alias: string, { ids }: Place): string | null {
  if (ids.length === 0 || !ids.every((id) => objectId.test(id) || uuid.test(id))) return null;
  return `${alias}.id in (${ids.map(idOf).join(', ')})`;
}

const withoutEntry = (place: Place): string =>
  `not exists (select from ${stateSchema}.id_map m where m.${inCollection(place)} and m.id = t.id)`;

const objectId = /^[0-9a-f]{24}$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const idOf = (id: string): string => (uuid.test(id) ? literal(id) : `${stateSchema}.uuid_of(${literal(id)})`);

const list = (ids: readonly string[]): string => ids.map(literal).join(', ');

const inCollection = ({ collection }: Place): string => `collection = ${literal(collection)}`;

const among = ({ ids }: Place): string => (ids.length === 0 ? '' : ` and source_id in (${list(ids)})`);

const fieldIs = (field: string | null): string => (field === null ? '' : ` and field = ${literal(field)}`);
