/**
 * Free texts that become rows of lookup tables. The release makes rows of its own labels, links what is equal to one by `lower()`, and stops
 * where a value has no row; of the sources of leads it links none.
 */
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../../target/quoted.ts';
import { all, archived, change, hasColumn, inserting, isArchived, isBlank, modified, ofEarlierVersion, setting } from '../sql.ts';
import type { Statement, Subject } from '../subject.ts';

interface Lookup {
  readonly table: string;
  readonly column: string;
  readonly lookup: string;
  readonly link: string;
  /** Rows that the release makes. */
  readonly labels: readonly string[];
  /** The release links the values that have a row. */
  readonly isLinked: boolean;
  readonly what: string;
}

const lookups: readonly Lookup[] = [
  {
    table: 'crm_Leads',
    column: 'status',
    lookup: 'crm_Lead_Statuses',
    link: 'lead_status_id',
    labels: ['New', 'Contacted', 'Qualified', 'Lost'],
    isLinked: true,
    what: 'Statuses of leads',
  },
  {
    table: 'crm_Leads',
    column: 'type',
    lookup: 'crm_Lead_Types',
    link: 'lead_type_id',
    labels: ['Demo'],
    isLinked: true,
    what: 'Types of leads',
  },
  {
    table: 'crm_Leads',
    column: 'lead_source',
    lookup: 'crm_Lead_Sources',
    link: 'lead_source_id',
    labels: [],
    isLinked: false,
    what: 'Sources of leads',
  },
  {
    table: 'crm_Contacts',
    column: 'type',
    lookup: 'crm_Contact_Types',
    link: 'contact_type_id',
    labels: ['Customer', 'Partner', 'Vendor', 'Prospect'],
    isLinked: true,
    what: 'Types of contacts',
  },
];

/** A longer text may be too large for the unique index of a lookup table (nbtree: 2,704 bytes an entry after compression). */
const indexedBytesMax = 2000;

/** The commonest spelling of each value that is no label; of equally common ones the least. */
const namesOf = (values: string, labels: readonly string[]) => `
  select distinct on (lower(v.value)) v.value as name
  from (select value, count(*) as n from (${values}) typed group by value) v
  where ${labels.length === 0 ? 'true' : `lower(v.value) not in (${labels.map((label) => `lower(${literal(label)})`).join(', ')})`}
  order by lower(v.value), v.n desc, v.value`;

function rowsFor({ lookup, labels }: Lookup, values: string): { readonly short: string; readonly long: string } {
  const missing = `select n.name from (${namesOf(values, labels)}) n
    where not exists (select from public.${quoted(lookup)} l where lower(l.name) = lower(n.name))`;
  return {
    short: `${missing} and octet_length(n.name) <= ${indexedBytesMax}`,
    long: `${missing} and octet_length(n.name) > ${indexedBytesMax}`,
  };
}

const typed = ({ table, column }: Lookup) =>
  `select ${quoted(column)} as value from public.${quoted(table)} where ${quoted(column)} is not null`;

function prepared(lookup: Lookup): readonly Statement[] {
  const { table, column } = lookup;
  const { short, long } = rowsFor(lookup, typed(lookup));
  const when = hasColumn(table, column);
  return [
    change(setting({ table, column, value: 'null', isConstant: true, where: isBlank(`t.${quoted(column)}`) }), {
      code: 'BLANK_TO_NULL',
      when,
    }),
    { script: `insert into public.${quoted(lookup.lookup)} (name) ${short} on conflict do nothing`, when },
    // A text that no index can hold gets no row: the column that had to have one is indexed itself, and so holds none.
    {
      script: `do $long$
      declare long text;
      begin
        for long in ${long} loop
          begin
            insert into public.${quoted(lookup.lookup)} (name) values (long) on conflict do nothing;
          exception when program_limit_exceeded then null;
          end;
        end loop;
      end $long$`,
      when,
    },
  ];
}

/** What has a row by now; and where an upgrade ran before anything was prepared, rows for what has none. */
function restored({ table, column, lookup, link, labels, isLinked }: Lookup): readonly Statement[] {
  const copy = archived(table);
  const name = quoted(column);
  const when = isLinked ? all(isArchived(table), ofEarlierVersion) : isArchived(table);
  const missing = `select n.name from (${namesOf(`select ${name} as value from ${copy} where ${name} is not null and not ${isBlank(name)}`, labels)}) n
    where octet_length(n.name) <= ${indexedBytesMax} and not exists (select from public.${quoted(lookup)} l where lower(l.name) = lower(n.name))`;
  return [
    change(inserting(lookup, ['name'], missing), { when }),
    change(
      `home as (
        select distinct on (w.value) w.value, l.id from (select distinct ${name} as value from ${copy} where ${name} is not null) w
        join public.${quoted(lookup)} l on lower(l.name) = lower(w.value) order by w.value, l.name <> w.value, l.name),
      ${setting({
        table,
        column: link,
        value: 'home.id',
        from: `${copy} a, home`,
        where: `a.id = t.id and home.value = a.${name} and t.${quoted(link)} is null`,
      })}`,
      { when },
    ),
  ];
}

const linkOf = ({ lookup, link }: Lookup) =>
  `(select lower(l.name) from public.${quoted(lookup)} l where l.id = t.${quoted(link)})`;

export const lookupValues: Subject = {
  name: 'lookup-values',
  places: [
    { table: 'crm_Leads', columns: ['status', 'type', 'lead_source'] },
    { table: 'crm_Contacts', columns: ['type'] },
    ...lookups.map(({ lookup }) => ({ table: lookup, columns: 'all' as const })),
  ],
  archives: [
    { table: 'crm_Leads', key: ['id'], columns: ['lead_source', 'status', 'type'] },
    { table: 'crm_Contacts', key: ['id'], columns: ['type'] },
  ],
  applied: all(...lookups.map(({ table, link }) => hasColumn(table, link))),
  prepare: lookups.flatMap(prepared),
  prepared: lookups.map(({ table, column, lookup, labels }) => ({
    table,
    column,
    wrong: `select v.row_id from (
        select ${quoted(column)} as value, min(id::text) as row_id from public.${quoted(table)}
        where ${quoted(column)} is not null and octet_length(${quoted(column)}) <= ${indexedBytesMax} group by 1) v
      left join (select lower(name) as name from public.${quoted(lookup)}${labels.map((label) => ` union select lower(${literal(label)})`).join('')}) known
        on known.name = lower(v.value)
      where known.name is null or v.value !~ '[^[:space:]]'`,
  })),
  restore: lookups.flatMap(restored),
  proofs: lookups.map((lookup) => ({
    table: lookup.table,
    column: lookup.column,
    // A text that is too long for an index stays in the archive alone. Where the release links nothing, a link that is not ours is a person's.
    wrong: `select t.id::text as row_id, ${modified('t', 'updatedAt')}${lookup.isLinked ? '' : ` or (r.row_id is null and t.${quoted(lookup.link)} is not null)`} as modified
      from ${archived(lookup.table)} a join public.${quoted(lookup.table)} t on t.id = a.id
      left join ${stateSchema}.restored r
        on r.table_name = ${literal(lookup.table)} and r.column_name = ${literal(lookup.link)} and r.row_id = t.id::text
      where a.${quoted(lookup.column)} is not null and octet_length(a.${quoted(lookup.column)}) <= ${indexedBytesMax}
        and ${linkOf(lookup)} is distinct from lower(a.${quoted(lookup.column)})`,
    compared: `select count(*) as n from ${archived(lookup.table)} where ${quoted(lookup.column)} is not null`,
    when: isArchived(lookup.table),
  })),
  reported: lookups.map((lookup) => ({
    what: lookup.what,
    where: `entries of ${lookup.lookup} (Administration, CRM settings)`,
    home: true,
    count: `select count(*) as n from ${archived(lookup.table)} where ${quoted(lookup.column)} is not null`,
    query: `select ${quoted(lookup.column)}, count(*) from ${archived(lookup.table)} where ${quoted(lookup.column)} is not null group by 1 order by 2 desc;`,
    when: isArchived(lookup.table),
  })),
};
