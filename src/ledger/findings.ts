/** What the load itself leaves for a person: rejected documents and stretches of the source that cannot be read. */
import { type Dangling, sourceIdsMax } from '../findings/finding.ts';
import { idsHashOf, idsHashSum } from '../findings/ids-hash.ts';
import { hasNoColumn } from '../findings/texts/notes.ts';
import { stateSchema } from '../schema-name.ts';
import { readTuples } from '../target/copy-reader.ts';
import { literal } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

export interface CodeCount {
  readonly code: string;
  readonly collection: string;
  readonly field: string | null;
  readonly count: number;
  readonly sourceIds: readonly string[];
  readonly idsHash: string;
}

export async function readRejectCounts(session: Session): Promise<readonly CodeCount[]> {
  const rows = await session.query<{
    code: string;
    collection: string;
    field: string | null;
    n: string;
    ids: string;
    sum: string;
  }>(`
    select code, collection, field, count(*) as n, to_json((array_agg(source_id order by source_id collate "C"))[1:${sourceIdsMax}])::text as ids, ${idsHashSum('source_id')} as sum
    from ${stateSchema}.reject group by 1, 2, 3 order by 2, 1, 3`);
  return rows.map(({ code, collection, field, n, ids, sum }) => ({
    code,
    collection,
    field,
    count: Number(n),
    sourceIds: JSON.parse(ids) as string[],
    idsHash: idsHashOf(sum),
  }));
}

/** Documents that were rejected for a unique value, and have `true` in this field, in whichever form that is converted from. */
export async function readRejectedWithRight(
  session: Session,
  { collection, field }: { readonly collection: string; readonly field: string },
): Promise<{ readonly count: number; readonly sourceIds: readonly string[] }> {
  const [row] = await session.query<{ n: string; ids: string }>(
    `select count(*) as n, coalesce(to_json((array_agg(source_id order by source_id collate "C"))[1:${sourceIdsMax}]), '[]')::text as ids
     from ${stateSchema}.reject where collection = $1 and code = 'DUPLICATE_KEY' and document ~* $2`,
    [collection, `"${field}":("?\\s*(true|yes|on|1)\\s*"?[,}]|\\{"\\$number(Long|Decimal)":"1")`],
  );
  return { count: Number(row?.n ?? 0), sourceIds: JSON.parse(row?.ids ?? '[]') as string[] };
}

export async function hasRejects(session: Session): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>(`select exists (select from ${stateSchema}.reject) as found`);
  return row?.found === true;
}

/** `sourceIds` are places here: file and byte offset. */
export async function readDamage(session: Session): Promise<readonly CodeCount[]> {
  const rows = await session.query<{ collection: string; n: string; places: string; sum: string }>(`
    select collection, count(*) as n, to_json((array_agg(file || ' at byte ' || byte_offset order by file, byte_offset))[1:${sourceIdsMax}])::text as places, ${idsHashSum("file || ' at byte ' || byte_offset")} as sum
    from ${stateSchema}.damage group by 1 order by 1`);
  return rows.map(({ collection, n, places, sum }) => ({
    code: 'SOURCE_DAMAGED',
    collection,
    field: null,
    count: Number(n),
    sourceIds: JSON.parse(places) as string[],
    idsHash: idsHashOf(sum),
  }));
}

/** The references and links that name no document, by field and by what was done about them. */
export async function readDanglingFields(session: Session): Promise<Dangling['fields']> {
  const rows = await session.query<{ collection: string; field: string; code: string; n: string }>(`
    select collection, field, code, count(*) as n from ${stateSchema}.change
    where code in ('DANGLING_REFERENCE', 'LINK_DANGLING') group by 1, 2, 3
    union all
    select collection, coalesce(field, ''), code, count(*) from ${stateSchema}.reject where code = 'DANGLING_REQUIRED' group by 1, 2, 3
    order by 1, 2, 3`);
  return rows.map(({ collection, field, code, n }) => ({ collection, field, code, count: Number(n) }));
}

/** By field, how many values a person should look at. */
export interface ValueCount {
  readonly collection: string;
  readonly field: string;
  /** No column has them. */
  readonly lost: number;
  /** Texts of numbers that can be read in two ways. */
  readonly ambiguous: number;
}

type Field = Pick<ValueCount, 'collection' | 'field'>;

const isLost = `${hasNoColumn} and original is not null`;

/** A missing value, an empty text and an empty list are none. Of a text of megabytes its beginning says enough. */
const isEmpty = `left(original, 40) ~ '^(null|\\[\\]|\\{"\\$undefined":true\\}|"([[:space:]\u00a0\u202f]|\\\\[nrt])*")$'`;

/** A point before the last three digits, with one to three before it, may stand between thousands. */
const isAmbiguous = `code = 'NUMBER_FROM_STRING' and original ~ '^"[^0-9.]*[1-9][0-9]?[0-9]?[.][0-9]{3}[^0-9]*"$'`;

/** For people, in one line. */
export function lostValuesQuery(of: Field): string {
  return `select code, source_id, original from ${stateSchema}.change where ${inField(of)} and ${isLost} order by source_id;`;
}

export function ambiguousNumbersQuery(of: Field): string {
  return `select source_id, original from ${stateSchema}.change where ${inField(of)} and ${isAmbiguous} order by source_id;`;
}

const inField = ({ collection, field }: Field): string => `collection = ${literal(collection)} and field = ${literal(field)}`;

/** In one pass over the changes. */
export async function readValueCounts(session: Session): Promise<readonly ValueCount[]> {
  const rows = await session.query<{ collection: string; field: string; n: string; ambiguous: string }>(`
    select collection, field, count(*) as n, count(*) filter (where code = 'NUMBER_FROM_STRING') as ambiguous
    from ${stateSchema}.change where (${isLost} and not ${isEmpty}) or (${isAmbiguous})
    group by 1, 2 order by 1, 2`);
  return rows.map(({ collection, field, n, ambiguous }) => ({
    collection,
    field,
    lost: Number(n) - Number(ambiguous),
    ambiguous: Number(ambiguous),
  }));
}

export interface RejectLine {
  readonly collection: string;
  readonly sourceId: string;
  readonly code: string;
  readonly field: string | null;
}

/**
 * Every rejected document, in one pass of the server: pages by OFFSET would read all rows before each page again. To be read to its end
 * before the session is used for anything else.
 */
export async function* readRejects(session: Session): AsyncGenerator<RejectLine> {
  const text = `select collection, source_id, code, field from ${stateSchema}.reject
    order by collection collate "C", source_id collate "C", code collate "C"`;
  for await (const tuple of readTuples(session.copyOut(text))) {
    const [collection = '', sourceId = '', code = '', field] = [0, 1, 2, 3].map((column) => tuple.value(column)?.toString());
    yield { collection, sourceId, code, field: field ?? null };
  }
}
