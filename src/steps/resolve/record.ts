/** SQL that records what the resolve step does to a value. */
import { literal } from '../../target/quoted.ts';

/** The codes under which the load recorded a reference that it took as a string, a number or a DBRef. */
export const takenCodes = "('ID_FROM_STRING', 'ID_HASHED', 'ID_FROM_DBREF')";

/**
 * Two common table expressions over `hit (id, value uuid)`, the rows of `collection` whose `field` was changed: the record that
 * the load made of the value gets the new code and keeps its original; a value that was carried until now gets a record.
 */
export function recorded(collection: string, field: string, code: string): string {
  return `
    hit_source as (
      select m.source_id, hit.value from hit
      join nextcrm_migration.id_map m on m.collection = ${literal(collection)} and m.id = hit.id),
    renamed as (
      update nextcrm_migration.change c set code = ${literal(code)} from hit_source s
      where c.collection = ${literal(collection)} and c.source_id = s.source_id and c.field = ${literal(field)} and c.code in ${takenCodes}
      returning c.source_id)
    insert into nextcrm_migration.change (collection, source_id, field, code, original)
    select ${literal(collection)}, s.source_id, ${literal(field)}, ${literal(code)}, nextcrm_migration.reference_json(s.value)
    from hit_source s where not exists (select from renamed r where r.source_id = s.source_id)`;
}

/** Puts rows of `collection` up for rejection; `rows` is a query of their ids. */
export function pendingReject(collection: string, code: string, field: string, rows: string): string {
  return `
    insert into nextcrm_migration.pending_reject (collection, id, source_id, code, field)
    select ${literal(collection)}, doomed.id, m.source_id, ${literal(code)}, ${literal(field)}
    from (${rows}) doomed
    join nextcrm_migration.id_map m on m.collection = ${literal(collection)} and m.id = doomed.id
    on conflict do nothing`;
}
