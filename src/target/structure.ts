/** The structure of the target's tables as its server tells it, in a shape that two servers can be compared by. */
import { invariant } from '../failure.ts';
import type { Naming } from './naming.ts';
import { literal } from './quoted.ts';

/** Runs one statement without parameters. */
export type Query = (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

interface CatalogColumn {
  readonly name: string;
  /** As `format_type` writes it: `timestamp(3) without time zone`, `uuid[]`, `"taskStatus"`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
}

/** `definition` as `pg_get_constraintdef` writes it; one that is not validated ends in `NOT VALID`. */
interface CatalogConstraint {
  readonly name: string;
  readonly definition: string;
}

/** Without the primary key's. `definition` as `pg_get_indexdef` writes it: a statement that makes it again. */
interface CatalogIndex {
  readonly name: string;
  readonly definition: string;
  readonly valid: boolean;
}

export interface TableStructure {
  /** In the table's order; everything else here is sorted by name. */
  readonly columns: readonly CatalogColumn[];
  readonly primaryKey: CatalogConstraint | null;
  readonly foreignKeys: readonly CatalogConstraint[];
  readonly indexes: readonly CatalogIndex[];
  /** Unique, check and exclusion constraints and triggers: the migrations make none. */
  readonly others: readonly CatalogConstraint[];
}

export interface Structure {
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly tables: Readonly<Record<string, TableStructure>>;
  /** Functions of ours in `public`. */
  readonly functions: readonly CatalogConstraint[];
  /** Those that the migrations promise, where present. */
  readonly extensions: readonly string[];
}

/**
 * Reads `public` without what belongs to an extension and without the record of the migrations. The server leaves out the schema of a
 * name that the session can see, so the session must see `public` and nothing before it.
 */
export async function readStructure(query: Query, { recordTable, functionPrefix }: Naming): Promise<Structure> {
  const [path] = await query("select array_to_string(current_schemas(false), ',') as schemas");
  invariant(path?.['schemas'] === 'public', 'A structure is read by a session whose search_path is public');
  const tablesSql = tablesExcept(recordTable);
  const columns = await query(columnsQuery(tablesSql));
  const constraints = await query(constraintsQuery(tablesSql));
  const indexes = await query(indexesQuery(tablesSql));
  const names = [
    ...new Set(
      (await query(`select t.relname::text as name from (${tablesSql}) t order by t.relname`)).map((row) => text(row, 'name')),
    ),
  ];
  const tables = names.map((name): [string, TableStructure] => {
    const ofTable = (row: Readonly<Record<string, unknown>>) => row['table'] === name;
    const kept = (kind: string) => constraints.filter((row) => ofTable(row) && row['kind'] === kind).map(constraintOf);
    return [
      name,
      {
        columns: columns.filter(ofTable).map(columnOf),
        primaryKey: kept('primary key')[0] ?? null,
        foreignKeys: kept('foreign key'),
        indexes: indexes.filter(ofTable).map((row) => ({ ...constraintOf(row), valid: row['valid'] === true })),
        others: kept('other'),
      },
    ];
  });
  return {
    enums: await readEnums(query),
    tables: Object.fromEntries(tables),
    functions: (await query(functionsQuery(functionPrefix))).map(constraintOf),
    extensions: (await query("select extname::text as name from pg_extension where extname = 'vector'")).map((row) =>
      text(row, 'name'),
    ),
  };
}

async function readEnums(query: Query): Promise<Record<string, string[]>> {
  const enums: Record<string, string[]> = {};
  for (const row of await query(enumsQuery)) {
    const name = text(row, 'name');
    enums[name] = [...(enums[name] ?? []), text(row, 'label')];
  }
  return enums;
}

function columnOf(row: Readonly<Record<string, unknown>>): CatalogColumn {
  return {
    name: text(row, 'name'),
    type: text(row, 'type'),
    notNull: row['not_null'] === true,
    default: row['default'] === null ? null : text(row, 'default'),
  };
}

function constraintOf(row: Readonly<Record<string, unknown>>): CatalogConstraint {
  return { name: text(row, 'name'), definition: text(row, 'definition') };
}

function text(row: Readonly<Record<string, unknown>>, column: string): string {
  const value = row[column];
  invariant(typeof value === 'string', `The catalog's column ${column} is text`);
  return value;
}

/** Every name is compared and sorted as bytes: `name` has collation C. */
const tablesExcept = (recordTable: string) => `
  select c.oid, c.relname from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> ${literal(recordTable)}
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

const columnsQuery = (tables: string) => `
  select t.relname::text as table, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as default
  from (${tables}) t
  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  order by t.relname, a.attnum`;

/** From PostgreSQL 18 on, NOT NULL is a constraint of kind n as well: the columns tell it already. */
const constraintsQuery = (tables: string) => `
  select t.relname::text as table, c.conname::text as name, pg_get_constraintdef(c.oid) as definition,
    case c.contype when 'p' then 'primary key' when 'f' then 'foreign key' else 'other' end as kind
  from (${tables}) t join pg_constraint c on c.conrelid = t.oid and c.contype not in ('n', 't')
  union all
  select t.relname::text, g.tgname::text, pg_get_triggerdef(g.oid), 'other'
  from (${tables}) t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
  order by 1, 2`;

const indexesQuery = (tables: string) => `
  select t.relname::text as table, i.relname::text as name, pg_get_indexdef(x.indexrelid) as definition,
    x.indisvalid and x.indisready as valid
  from (${tables}) t
  join pg_index x on x.indrelid = t.oid and not x.indisprimary
  join pg_class i on i.oid = x.indexrelid
  order by t.relname, i.relname`;

const enumsQuery = `
  select t.typname::text as name, e.enumlabel::text as label
  from pg_type t join pg_enum e on e.enumtypid = t.oid
  where t.typnamespace = 'public'::regnamespace
    and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
  order by t.typname, e.enumsortorder`;

const functionsQuery = (prefix: string) => `
  select p.proname::text as name, pg_get_functiondef(p.oid) as definition from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and starts_with(p.proname::text, ${literal(prefix)}) order by p.proname, p.oid`;
