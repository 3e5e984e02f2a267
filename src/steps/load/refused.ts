/**
 * Which documents of a batch the server refuses, and why. Found inside a transaction that is rolled back: all rows go into a table
 * without constraints, and from there one after the other into their own, as the server itself does it; the time is linear in the
 * documents, however many are refused.
 */
import type { Converter } from '../../convert/converter.ts';
import type { Corrections } from '../../convert/corrections.ts';
import type { CopyData, EncodedBatch } from '../../convert/encoded-batch.ts';
import { encodeRejects, type Rejection } from '../../convert/reject.ts';
import { ledgerCopies } from '../../ledger/copies.ts';
import { columnsOf, type Place } from '../../ledger/place.ts';
import { stateSchema } from '../../schema-name.ts';
import type { RawDocument } from '../../source/source.ts';
import { dataErrorClasses, ServerRefusal } from '../../target/errors.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

interface Reason {
  readonly sqlState: string;
  readonly constraint: string | null;
  readonly column: string | null;
}

export interface Trial {
  readonly place: Place;
  /** Not the one that converts the next batch meanwhile. */
  readonly convert: Converter;
  readonly corrections: Corrections | null;
}

/** The same documents as the server takes them: those that it refuses are records of rejection. Inside a transaction that is rolled back afterwards. */
export async function withoutRefused(session: Session, trial: Trial, documents: readonly RawDocument[]): Promise<EncodedBatch[]> {
  const { place, convert } = trial;
  const { spec } = place;
  if (spec !== null) await session.script(createStaging(place.collection));
  const staged: RawDocument[] = [];
  const rejections: Rejection[] = [];
  await stage(session, trial, documents, staged, rejections);
  const reasons = spec === null ? new Map<number, Reason>() : await insertEach(session, place.collection, columnsOf(spec));
  const taken: RawDocument[] = [];
  let row = 0;
  for (const document of staged) {
    // One that conversion rejects has no row, and is taken with its record.
    if (convert([document]).rows.rows > 0) row += 1;
    else {
      taken.push(document);
      continue;
    }
    const reason = reasons.get(row);
    if (reason === undefined) taken.push(document);
    else rejections.push(rejectionOf(trial, document, reason));
  }
  return [convert(taken), ...rejectsOf(rejections)];
}

/** The rows with their order, and nothing that could refuse one. In our own schema: TEMP is a right that not everybody has. */
function createStaging(collection: string): string {
  return `
    create table ${stateSchema}.staged as select * from public.${quoted(collection)} with no data;
    alter table ${stateSchema}.staged add column ${quoted(placeColumn)} bigint generated always as identity;
    create table ${stateSchema}.refused (place bigint, sql_state text, constraint_name text, column_name text)`;
}

/** No column of a collection has this name. */
const placeColumn = 'place in the batch';

/**
 * Whatever of the documents even a table without constraints refuses, a value or a record of the ledger, is found by bisection. Each
 * savepoint is released: one that was only rolled back to would hold a lock until the end of the transaction.
 */
async function stage(
  session: Session,
  trial: Trial,
  documents: readonly RawDocument[],
  staged: RawDocument[],
  rejections: Rejection[],
): Promise<void> {
  const { place, convert } = trial;
  const columns = place.spec === null ? null : columnsOf(place.spec);
  if (documents.length === 0) return;
  await session.script('savepoint trial');
  try {
    const encoded = convert(documents);
    const rows = columns === null ? [] : [{ table: stagedTable(columns), parts: [encoded.rows].filter((part) => part.rows > 0) }];
    for (const copy of [...ledgerCopies([encoded]), ...rows]) await session.copyIn(copy);
    await session.script('release savepoint trial');
    for (const document of documents) staged.push(document);
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw error;
    await session.script('rollback to savepoint trial; release savepoint trial');
    const [only] = documents;
    if (documents.length === 1 && only !== undefined) {
      rejections.push(rejectionOf(trial, only, error));
      return;
    }
    const middle = documents.length >> 1;
    await stage(session, trial, documents.slice(0, middle), staged, rejections);
    await stage(session, trial, documents.slice(middle), staged, rejections);
  }
}

function stagedTable(columns: readonly string[]): string {
  return `${stateSchema}.staged (${columns.map(quoted).join(', ')})`;
}

/** Each row by itself, in order; the refused ones by their number among the rows, from 1 on. */
async function insertEach(session: Session, collection: string, columns: readonly string[]): Promise<Map<number, Reason>> {
  const list = columns.map(quoted).join(', ');
  const values = columns.map((column) => `staged_row.${quoted(column)}`).join(', ');
  const atFault = dataErrorClasses.map(literal).join(', ');
  await session.script(`
    do $trial$
    declare
      staged_row record; number bigint := 0; of_constraint text; of_column text;
    begin
      for staged_row in select * from ${stateSchema}.staged order by ${quoted(placeColumn)} loop
        number := number + 1;
        begin
          insert into public.${quoted(collection)} (${list}) values (${values});
        exception when assert_failure or others then
          if left(sqlstate, 2) not in (${atFault}) then raise; end if;
          get stacked diagnostics of_constraint = constraint_name, of_column = column_name;
          insert into ${stateSchema}.refused values (number, sqlstate, nullif(of_constraint, ''), nullif(of_column, ''));
        end;
      end loop;
    end $trial$`);
  const rows = await session.query<{
    place: string;
    sql_state: string;
    constraint_name: string | null;
    column_name: string | null;
  }>(`select * from ${stateSchema}.refused`);
  return new Map(
    rows.map(({ place, sql_state, constraint_name, column_name }) => [
      Number(place),
      { sqlState: sql_state, constraint: constraint_name, column: column_name },
    ]),
  );
}

function rejectionOf(
  { place: { collection }, corrections }: Trial,
  document: RawDocument,
  { sqlState, constraint, column }: Reason,
): Rejection {
  const isRepeated = sqlState === '23505' && constraint === `${collection}_pkey`;
  const tried = corrections?.tried(document) ?? null;
  const correction = tried?.text ?? null;
  if (isRepeated) return { collection, document, code: 'DUPLICATE_ID', field: '_id', reason: tried?.reason ?? null, correction };
  const reason = [sqlState, constraint, column, tried?.reason ?? null].filter((part) => part !== null).join(' ');
  return { collection, document, code: 'SERVER_REFUSED', field: column, reason, correction };
}

function rejectsOf(rejections: readonly Rejection[]): readonly EncodedBatch[] {
  if (rejections.length === 0) return [];
  const none: CopyData = { bytes: new Uint8Array(0), rows: 0 };
  const empty = { rows: none, links: none, changes: none, leftovers: none, ids: none, lookups: none };
  return [{ ...empty, rejects: encodeRejects(rejections), malformed: [], loaded: 0, fields: 0 }];
}
