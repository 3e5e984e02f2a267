/** SQL that the subjects are written in. */
import { blanks, crown, currencyNames } from '../catalog/currency-names.ts';
import { stateSchema } from '../schema-name.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Change, Condition } from './subject.ts';

export const hasTable = (table: string): Condition => `to_regclass(${literal(`public.${quoted(table)}`)}) is not null`;

export const hasColumn = (table: string, column: string): Condition => `exists (
  select from pg_attribute where attrelid = to_regclass(${literal(`public.${quoted(table)}`)})
    and attname = ${literal(column)} and attnum > 0 and not attisdropped)`;

export const sinceVersion = 'Added to a target that an earlier version had finished.';

/** An earlier version has finished the target: what stopped an upgrade was corrected by hand, and only the archive still has it. */
export const ofEarlierVersion: Condition = `coalesce(obj_description(to_regclass('${stateSchema}.restored'), 'pg_class'), '') = ${literal(sinceVersion)}`;

/** A person may have dropped the copy. */
export const isArchived = (table: string): Condition => `to_regclass(${literal(archived(table))}) is not null`;

/** How many rows a copy had that a person dropped: 0 where it is there, or where it is no longer needed. */
export const lostCopy = (
  table: string,
  unless: Condition,
): string => `select coalesce(max(rows), 0) as n from ${stateSchema}.archive
  where table_name = ${literal(table)} and not (${isArchived(table)}) and not (${unless})`;

export const archived = (table: string): string => `nextcrm_archive.${quoted(table)}`;

export const all = (...conditions: readonly Condition[]): Condition => conditions.map((one) => `(${one})`).join(' and ');

/** One column of rows of `public`: `value` and `where` are SQL of a row `t`, and of what `from` joins. */
export interface Setting {
  readonly table: string;
  readonly column: string;
  readonly value: string;
  /** `value` depends on no row: then it takes the column's type, an enum's say. */
  readonly isConstant?: true;
  /** Tables that are joined, by `where`. */
  readonly from?: string;
  readonly where: string;
}

/** The rows get the value; the former one is kept as text. */
export function setting({ table, column, value, isConstant, from, where }: Setting): string {
  const name = `public.${quoted(table)}`;
  return `found as (
    select t.id, t.${quoted(column)}::text as former${isConstant ? '' : `, ${value} as value`} from ${[`${name} t`, ...(from === undefined ? [] : [from])].join(', ')}
    where ${where}),
  written as (
    update ${name} t set ${quoted(column)} = ${isConstant ? value : 'found.value'} from found where t.id = found.id returning t.id),
  changed (table_name, row_id, column_name, former) as (
    select ${literal(table)}, found.id::text, ${literal(column)}, found.former from found join written using (id))`;
}

/** Rows that are added; `query` gives the columns. */
export function inserting(table: string, columns: readonly string[], query: string, key = 'id'): string {
  return `written as (
    insert into public.${quoted(table)} (${columns.map(quoted).join(', ')}) ${query} on conflict do nothing returning *),
  changed (table_name, row_id, column_name, former) as (
    select ${literal(table)}, ${key === 'id' ? 'id::text' : key}, null::text, null::text from written)`;
}

export const change = (sql: string, more: Omit<Change, 'sql'> = {}): Change => ({ sql, ...more });

/** True for a text of nothing but blanks. */
export const isBlank = (text: string): string => `btrim(${text}, ${literal(blanks)}) = ''`;

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The code that a text means, NULL for none, by `src/catalog/currency-names.ts`. `crownCode`: SQL of the code that a crown stands for.
 * Names are compared in both cases, since a server with the locale "C" changes the case of ASCII letters alone.
 */
export function currencyCode(text: string, crownCode: string): string {
  const names = Object.entries(currencyNames).flatMap(([name, code]) =>
    [...new Set([name, name.toUpperCase()])].map((form) => `(${literal(form)}, ${literal(code)})`),
  );
  const typed = `btrim(normalize(${text}), ${literal(blanks)})`;
  const ascii = `translate(${typed}, ${literal(upper.toLowerCase())}, ${literal(upper)})`;
  const isCrown = `lower(${typed}) in (${crown.names.map(literal).join(', ')})`;
  return `(case when ${isCrown} then ${crownCode} else coalesce(
    (select n.code from (values ${names.join(', ')}) n (name, code) where n.name in (${typed}, lower(${typed})) limit 1),
    case when ${ascii} ~ '^[A-Z]{3}$' then ${ascii} end) end)`;
}

/** The company is the oldest of `MyAccount`, or of its copy: an ObjectId begins with its time. */
export const companyOf = (accounts: string): string => `(select * from ${accounts} accounts
  order by encode(uuid_send(id), 'hex') not like '____________8___8_________000000', id limit 1)`;

/** The currency of the company, as a code; NULL where it has none. A crown says nothing there. */
export const companyCodeOf = (accounts: string): string =>
  `(select ${currencyCode('m.currency', 'null')} from ${companyOf(accounts)} m)`;

/** Before an upgrade. */
export const companyCode = companyCodeOf('public."MyAccount"');

/** As `companyCode`, where that is one of the crowns. */
export const companyCrown = `(select c.code from (select ${companyCode} as code) c where c.code in (${crown.codes.map(literal).join(', ')}))`;

/**
 * By the row's own time of update, where it has one: people have worked with it since the hand-over (`$since`). A time more than a day
 * in the future was no modification: documents hold such dates.
 */
export function modified(alias: string, column: string): string {
  const time = `(to_jsonb(${alias}) ->> ${literal(column)})::timestamp`;
  return `coalesce(${time} > $since and ${time} <= (now() at time zone 'UTC') + interval '1 day', false)`;
}
