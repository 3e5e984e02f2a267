/** Nothing of anybody else's may be in the way: tables, and whatever has a name that the migration gives. */
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../quoted.ts';
import type { Session } from '../session.ts';
import { met, type Own, type Requirement, type Unmet } from './requirement.ts';

/** What an object is, as DROP calls it. */
type Kind = 'TABLE' | 'FOREIGN TABLE' | 'VIEW' | 'MATERIALIZED VIEW' | 'SEQUENCE' | 'INDEX' | 'TYPE' | 'DOMAIN' | 'ROUTINE';

interface Found extends Record<string, unknown> {
  readonly kind: Kind;
  readonly name: string;
  /** With its schema, and a function with its arguments; quoted. */
  readonly identity: string;
}

/** The migrations of ours that are recorded as applied, and the tables that they are to have made, are expected. */
export const leftovers: Requirement = async (session, own) => {
  const found = await objectsIn(session, own);
  const history = found.some(({ kind, name }) => kind === 'TABLE' && name === own.recordTable);
  const applied = history ? await appliedMigrations(session, own) : [];
  const ours = new Set(own.tables);
  const tables = found.filter(({ kind, name }) => kind === 'TABLE' && ours.has(name)).map(({ name }) => name);
  const later = applied.filter((name) => !own.migrations.includes(name));
  if (later.length > 0 && tables.length > 0) return [upgraded(session, own, later.length)];
  const expected = tables.length === 0 ? [] : applied;
  const inTheWay = found.filter((object) => !isExpected(object, own, expected));
  // A history without the tables that it tells of: Prisma would not create them.
  const others = inTheWay.filter(({ name, kind }) => kind !== 'TABLE' || name !== own.recordTable || applied.length > 0);
  const unmet: Unmet[] = [];
  if (others.length > 0) unmet.push(notEmpty(session, others));
  const filled = expected.length === 0 ? [] : await filledTables(session, tables);
  if (filled.length > 0) {
    unmet.push({
      code: 'TARGET_HAS_ROWS',
      what: `The database ${session.description} has rows in ${own.application}'s tables that this migration did not write: ${shown(filled)}.`,
      next: `If ${own.application} already uses it, migrate into a new, empty database instead. Nothing was changed.`,
    });
  }
  return unmet;
};

/** Without a run in it: what a first start that was rolled back, or another program, has left. */
export const stateSchemaFree: Requirement = async (session) => {
  const [row] = await session.query<{ there: boolean }>(`select to_regnamespace('${stateSchema}') is not null as there`);
  if (!row?.there) return met;
  return [
    {
      code: 'TARGET_NOT_EMPTY',
      what: `The database ${session.description} has a schema ${stateSchema} without a migration in it.`,
      next: `If it contains nothing that you need, run in that database: DROP SCHEMA ${stateSchema} CASCADE;`,
    },
  ];
};

function upgraded(session: Session, { application, migrations: [first] }: Own, later: number): Unmet {
  return {
    code: 'TARGET_UPGRADED',
    what: `The database ${session.description} already contains the tables of a later ${application} release (${later} migrations after ${first}).`,
    next: 'Migrate into a new, empty database; the later release upgrades it at its first start. Then set DATABASE_URL to it.',
  };
}

function notEmpty(session: Session, objects: readonly Found[]): Unmet {
  const names = objects.map(({ kind, name }) => (kind === 'TABLE' ? name : `${name} (${kind.toLowerCase()})`));
  return {
    code: 'TARGET_NOT_EMPTY',
    what: `The schema "public" of the database ${session.description} contains objects that no migration of this program created: ${shown(names)}.`,
    next: `Migrate into a new, empty database (CREATE DATABASE …) and set DATABASE_URL to it. Nothing was changed. Or, if all of them are left from an earlier attempt and contain nothing that you need, run in that database: ${dropping(objects)}`,
  };
}

/** One statement for each kind, tables first: what depends on another object goes with it. */
function dropping(objects: readonly Found[]): string {
  const kinds: readonly Kind[] = [
    ...(['TABLE', 'FOREIGN TABLE', 'VIEW', 'MATERIALIZED VIEW', 'SEQUENCE'] as const),
    ...(['INDEX', 'TYPE', 'DOMAIN', 'ROUTINE'] as const),
  ];
  return kinds
    .map((kind) => ({ kind, identities: objects.filter((object) => object.kind === kind).map(({ identity }) => identity) }))
    .filter(({ identities }) => identities.length > 0)
    .map(({ kind, identities }) => `DROP ${kind} IF EXISTS ${identities.join(', ')} CASCADE;`)
    .join(' ');
}

function isExpected({ kind, name }: Found, own: Own, applied: readonly string[]): boolean {
  if (applied.length === 0) return false;
  if (kind === 'TABLE') return own.tables.includes(name) || name === own.recordTable;
  if (kind === 'TYPE') return own.enums.includes(name);
  if (kind === 'ROUTINE') return own.functions.includes(name) && own.migrations.every((migration) => applied.includes(migration));
  return false;
}

/**
 * Every relation; every enum; and of the other types, indexes and routines those with a name of ours, or of the kind that is ours: the
 * others are in nobody's way. Not what belongs to an extension, nor a sequence of a column.
 */
async function objectsIn(session: Session, own: Own): Promise<readonly Found[]> {
  const names = [...own.tables, ...own.enums, ...own.indexes].map((name) => `'${name.replaceAll("'", "''")}'`).join(', ');
  const member = (catalog: string, oid: string) =>
    `exists (select from pg_depend d where d.objid = ${oid} and d.classid = '${catalog}'::regclass and d.deptype = 'e')`;
  return await session.query<Found>(`
    select case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' when 'f' then 'FOREIGN TABLE' when 'S' then 'SEQUENCE'
        when 'i' then 'INDEX' when 'I' then 'INDEX' else 'TABLE' end as kind,
      c.relname::text as name, format('public.%I', c.relname) as identity
    from pg_class c
    where c.relnamespace = to_regnamespace('public') and not ${member('pg_class', 'c.oid')}
      and (c.relkind in ('r', 'p', 'v', 'm', 'f')
        or c.relkind = 'S' and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i'))
        or c.relkind in ('i', 'I') and c.relname in (${names})
          and (select t.relname not in (${names}) from pg_index x join pg_class t on t.oid = x.indrelid where x.indexrelid = c.oid))
    union all
    select case t.typtype when 'd' then 'DOMAIN' else 'TYPE' end, t.typname::text, format('public.%I', t.typname)
    from pg_type t left join pg_class c on c.oid = t.typrelid
    where t.typnamespace = to_regnamespace('public') and not ${member('pg_type', 't.oid')}
      and (t.typtype = 'e' or t.typname in (${names}) and (t.typtype in ('d', 'r') or t.typtype = 'b' and t.typelem = 0 or c.relkind = 'c'))
    union all
    select 'ROUTINE', p.proname::text, format('public.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid))
    from pg_proc p
    where p.pronamespace = to_regnamespace('public') and not ${member('pg_proc', 'p.oid')} and starts_with(p.proname::text, ${literal(own.functionPrefix)})
    order by 1, 2, 3`);
}

async function appliedMigrations(session: Session, { recordTable }: Own): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `select migration_name as name from public.${quoted(recordTable)} where finished_at is not null order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function filledTables(session: Session, tables: readonly string[]): Promise<readonly string[]> {
  const filled: string[] = [];
  for (const table of tables) {
    const [row] = await session.query<{ filled: boolean }>(`select exists (select from public.${quoted(table)}) as filled`);
    if (row?.filled) filled.push(table);
  }
  return filled;
}

function shown(names: readonly string[]): string {
  const some = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${some} and ${names.length - 5} more` : some;
}
