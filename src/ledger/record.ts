/** SQL that records what a step does to values of loaded documents. */
import type { ChangeCode } from '../findings/codes.ts';
import { stateSchema } from '../schema-name.ts';
import { literal } from '../target/quoted.ts';
import type { LateRejectCode } from './rejected-copies.ts';
import { codesBefore, type LaterCode } from './transitions.ts';

export interface RecordedField {
  readonly collection: string;
  readonly field: string;
}

/** In SQL, of a record `c`: its code is one that `code` may replace. */
function isReplaceable(code: LaterCode): string {
  return `c.code in (${codesBefore(code).map(literal).join(', ')})`;
}

/**
 * Gives `code` to records of the field. `from` is a query's FROM list with an alias `l` for (id, original), the rows and their values;
 * `where` chooses among them.
 */
export function recode({ collection, field }: RecordedField, code: LaterCode, from: string, where: string): string {
  return `
    update ${stateSchema}.change c set code = ${literal(code)}
    from ${from}
    join ${stateSchema}.id_map m on m.collection = ${literal(collection)} and m.id = l.id
    where ${where} and c.collection = ${literal(collection)} and c.field = ${literal(field)} and c.source_id = m.source_id
      and c.original = l.original and ${isReplaceable(code)}`;
}

/**
 * Two common table expressions over `match (id, value uuid)`, the rows of the collection whose field was changed: the record that
 * the load made of the value gets the new code and keeps its original; a value that was carried until now gets a record.
 */
export function recorded({ collection, field }: RecordedField, code: LaterCode): string {
  return `
    match_source as (
      select m.source_id, match.value from match
      join ${stateSchema}.id_map m on m.collection = ${literal(collection)} and m.id = match.id),
    renamed as (
      update ${stateSchema}.change c set code = ${literal(code)} from match_source s
      where c.collection = ${literal(collection)} and c.source_id = s.source_id and c.field = ${literal(field)} and ${isReplaceable(code)}
      returning c.source_id)
    insert into ${stateSchema}.change (collection, source_id, field, code, original)
    select ${literal(collection)}, s.source_id, ${literal(field)}, ${literal(code)}, ${stateSchema}.reference_json(s.value)
    from match_source s where not exists (select from renamed r where r.source_id = s.source_id)`;
}

/**
 * The same for elements of an array: `elements` is a query of (source_id, partner uuid, original), `original` NULL where the element
 * was an ObjectId. Each element gets one record.
 */
export function recordElements({ collection, field }: RecordedField, code: LaterCode, elements: string): string {
  return `
    with elements as (${elements}),
    renamed as (
      update ${stateSchema}.change c set code = ${literal(code)} from elements d
      where c.collection = ${literal(collection)} and c.field = ${literal(field)} and c.source_id = d.source_id
        and c.original = d.original and ${isReplaceable(code)}
      returning c.source_id, c.original)
    insert into ${stateSchema}.change (collection, source_id, field, code, original)
    select ${literal(collection)}, d.source_id, ${literal(field)}, ${literal(code)}, coalesce(d.original, ${stateSchema}.reference_json(d.partner))
    from elements d
    where not exists (select from renamed r where r.source_id = d.source_id and r.original = d.original)`;
}

/** In SQL: the record `c` names the number that is the source id `m.named`. To MongoDB numbers of different types are one `_id`. */
const namesNumber = `c.original ~ ('"[$]number[A-Za-z]+":"'
          || substring(m.named from '^[{]"[$]number[A-Za-z]+":"(-?[0-9]+)([.]0)?"[}]$') || '([.]0)?"')`;

/**
 * Two common table expressions over `match (id, source_id, element uuid, named, times)`, elements of an array with the source id that each of
 * them names: as many records of the load that name it get the new code, and the other times get a record each.
 */
export function recordNamedElements({ collection, field }: RecordedField, code: LaterCode): string {
  return `
    renamed as (
      update ${stateSchema}.change c set code = ${literal(code)} from match m
      where c.collection = ${literal(collection)} and c.source_id = m.source_id and c.field = ${literal(field)} and ${isReplaceable(code)}
        and (position(m.named in c.original) > 0 or position(m.named in lower(c.original)) > 0 or ${namesNumber})
      returning m.id, m.element)
    insert into ${stateSchema}.change (collection, source_id, field, code, original)
    select ${literal(collection)}, m.source_id, ${literal(field)}, ${literal(code)}, ${stateSchema}.reference_json(m.element)
    from match m
    left join (select id, element, count(*) as times from renamed group by 1, 2) r on r.id = m.id and r.element = m.element
    cross join lateral generate_series(1, m.times - coalesce(r.times, 0))`;
}

/**
 * Adds a record beside what the load recorded of the value, over `match (source_id, value text)`: its original is that of the first record
 * where there is one, else the value itself.
 */
export function addRecord({ collection, field }: RecordedField, code: ChangeCode): string {
  return `
    insert into ${stateSchema}.change (collection, source_id, field, code, original)
    select ${literal(collection)}, match.source_id, ${literal(field)}, ${literal(code)}, coalesce(
      (select c.original from ${stateSchema}.change c
       where c.collection = ${literal(collection)} and c.source_id = match.source_id and c.field = ${literal(field)}
         and c.code not in ('RENAMED_FIELD', 'CORRECTED') limit 1),
      to_json(match.value)::text)
    from match`;
}

/** Records over `found (source_id)` that the value was taken from another field, whose name is the original. */
export function recordName({ collection, field }: RecordedField, formerly: string): string {
  return `
    insert into ${stateSchema}.change (collection, source_id, field, code, original)
    select ${literal(collection)}, f.source_id, ${literal(field)}, 'RENAMED_FIELD', to_json(${literal(formerly)}::text)::text from found f`;
}

/**
 * A common table expression and a statement behind it, over `changed (table_name, row_id, column_name, former)`, which a statement of a later
 * release changes: the original is that of the record that the load made of the value, where there is one, else the value itself.
 */
export function recordChanged(code: string): string {
  return `originals as (
    select distinct on (collection, source_id, field) collection, source_id, field, original
    from ${stateSchema}.change where code not in ('RENAMED_FIELD', 'CORRECTED') and (collection, field) in (select table_name, column_name from changed)
    order by collection, source_id, field)
  insert into ${stateSchema}.change (collection, source_id, field, code, original)
  select m.collection, m.source_id, changed.column_name, ${literal(code)}, coalesce(o.original, to_json(changed.former)::text)
  from changed
  join ${stateSchema}.id_map m on m.collection = changed.table_name and m.id = changed.row_id::uuid
  left join originals o on (o.collection, o.source_id, o.field) = (m.collection, m.source_id, changed.column_name)`;
}

/** Notes rows of the collection that must be rejected; `rows` is a query of their ids. */
export function pendingReject({ collection, field }: RecordedField, code: LateRejectCode, rows: string): string {
  return `
    insert into ${stateSchema}.pending_reject (collection, id, source_id, code, field)
    select ${literal(collection)}, refused.id, m.source_id, ${literal(code)}, ${literal(field)}
    from (${rows}) refused
    join ${stateSchema}.id_map m on m.collection = ${literal(collection)} and m.id = refused.id
    on conflict do nothing`;
}

/**
 * One record for each row whose document stood in a collection of a former name. The map has an index by
 * id, which an ObjectId gives, and none by source id yet: the others are joined apart, hardly ever any.
 */
export function recordFormerCollections(): string {
  const isMapped = `m.collection = f.collection and m.source_id = f.source_id`;
  return `
    insert into ${stateSchema}.change (collection, source_id, field, code, original)
    select distinct f.collection, f.source_id, f.collection, 'RENAMED_FIELD', to_json(f.former_name)::text
    from (
      select f.* from ${stateSchema}.former f
      join ${stateSchema}.id_map m on m.id = ${stateSchema}.uuid_of(f.source_id) and ${isMapped}
      union all
      select f.* from ${stateSchema}.former f
      join ${stateSchema}.id_map m on ${stateSchema}.uuid_of(f.source_id) is null and ${isMapped}) f
    where not exists (
      select from ${stateSchema}.change c
      where c.collection = f.collection and c.source_id = f.source_id and c.field = f.collection and c.code = 'RENAMED_FIELD')`;
}
