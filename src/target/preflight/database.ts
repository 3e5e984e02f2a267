/** The database: its encoding, its schema `public`, and what this user may do in it. */
import { stateSchema } from '../../schema-name.ts';
import { quoted } from '../quoted.ts';
import type { Session } from '../session.ts';
import { met, type Requirement } from './requirement.ts';

/** What converts every text, and knows the case and the length of every letter. */
export const encoding: Requirement = async (session, { application }) => {
  const [row] = await session.query<{ encoding: string; name: string }>(
    `select pg_encoding_to_char(encoding)::text as encoding, datname::text as name from pg_database where datname = current_database()`,
  );
  if (row === undefined || row.encoding === 'UTF8') return met;
  const name = `${row.name}_utf8`;
  return [
    {
      code: 'TARGET_ENCODING',
      what: `The database ${session.description} has the encoding ${row.encoding}; ${application} requires UTF8.`,
      next: `Create another database and set DATABASE_URL to it: CREATE DATABASE ${quoted(name)} TEMPLATE template0 ENCODING 'UTF8' LOCALE '${await utf8Locale(session)}';`,
    },
  ];
};

/** One that the server has: its default may be of another encoding. "C" knows the case of ASCII letters only. */
async function utf8Locale(session: Session): Promise<string> {
  const [row] = await session.query<{ locale: string }>(
    `select collcollate::text as locale from pg_collation
     where collprovider = 'c' and collencoding = 6 and collcollate ~ '^[A-Za-z_]+[.](utf8|UTF-8)$'
     order by collcollate ~ '^C[.]' desc, collcollate like 'en_US%' desc, collcollate limit 1`,
  );
  return row?.locale ?? 'C.UTF-8';
}

export const schemaPublic: Requirement = async (session, { application }) => {
  const [row] = await session.query<{ there: boolean }>(`select to_regnamespace('public') is not null as there`);
  if (row?.there) return met;
  return [
    {
      code: 'TARGET_SCHEMA_MISSING',
      what: `The database ${session.description} has no schema "public", in which ${application} keeps its tables.`,
      next: 'Run in that database: CREATE SCHEMA public;',
    },
  ];
};

/** CREATE on both; a schema that is missing is another requirement. */
export const rights: Requirement = async (session) => {
  const [row] = await session.query<{ database: boolean; schema: boolean; user: string; name: string }>(
    `select has_database_privilege(current_database(), 'CREATE') as database,
       coalesce((select has_schema_privilege(oid, 'CREATE') and has_schema_privilege(oid, 'USAGE') from pg_namespace where nspname = 'public'), true) as schema,
       quote_ident(current_user) as user, quote_ident(current_database()) as name`,
  );
  if (row === undefined || (row.database && row.schema)) return met;
  return [
    {
      code: 'TARGET_NO_RIGHT',
      what: `The user of DATABASE_URL lacks the privilege to create tables in ${session.description}.`,
      next: `Ask the administrator to run in that database: GRANT CREATE ON DATABASE ${row.name} TO ${row.user}; GRANT CREATE, USAGE ON SCHEMA public TO ${row.user};`,
    },
  ];
};

/** That of the database itself may be used by everybody. A default that does not exist is ignored by the server. */
export const tablespace: Requirement = async (session) => {
  const rows = await session.query<{ name: string; quoted: string; user: string }>(
    `select spcname::text as name, quote_ident(spcname) as quoted, quote_ident(current_user) as user
     from pg_tablespace join pg_database d on d.datname = current_database()
     where spcname = current_setting('default_tablespace') and pg_tablespace.oid <> d.dattablespace
       and not has_tablespace_privilege(pg_tablespace.oid, 'CREATE')`,
  );
  return rows.map(({ name, quoted: tablespaceName, user }) => ({
    code: 'TARGET_NO_RIGHT',
    what: `The user of DATABASE_URL lacks the privilege to create tables in the tablespace "${name}", which the setting default_tablespace names for ${session.description}.`,
    next: `Ask the administrator to run: GRANT CREATE ON TABLESPACE ${tablespaceName} TO ${user};`,
  }));
};

/** Functions and blocks of SQL are written in them. */
export const languages: Requirement = async (session) => {
  const rows = await session.query<{ name: string; there: boolean; allowed: boolean; user: string }>(
    `select w.name, l.oid is not null as there, coalesce(has_language_privilege(l.oid, 'USAGE'), false) as allowed,
       quote_ident(current_user) as user
     from (values ('sql'), ('plpgsql')) as w (name) left join pg_language l on l.lanname = w.name`,
  );
  return rows
    .filter(({ there, allowed }) => !there || !allowed)
    .map(({ name, there, user }) => ({
      code: 'TARGET_NO_RIGHT',
      what: there
        ? `The user of DATABASE_URL lacks the privilege to use the language ${name} in ${session.description}.`
        : `The database ${session.description} does not have the language ${name}.`,
      next: `Ask the administrator to run in that database: ${there ? `GRANT USAGE ON LANGUAGE ${name} TO ${user};` : `CREATE EXTENSION ${name};`}`,
    }));
};

/** Keys and indexes are dropped and recreated, which only an owner may. */
export const ownership: Requirement = async (session, { tables, recordTable }) => {
  const rows = await session.query<{ name: string; user: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name, quote_ident(current_user) as user
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and not pg_has_role(c.relowner, 'USAGE')
         and (n.nspname = '${stateSchema}' or n.nspname = 'public' and c.relname = any ($1::text[]))
       order by 1`,
    [arrayOf([...tables, recordTable])],
  );
  if (rows.length === 0) return met;
  const [first] = rows;
  return [
    {
      code: 'TARGET_NO_RIGHT',
      what: `${rows.length} tables of the migration in ${session.description} belong to another user, ${first?.name ?? ''} among them.`,
      next: `Use the user of the first start, or have the administrator run: ${rows.map(({ name, user }) => `ALTER TABLE ${name} OWNER TO ${user};`).join(' ')}`,
    },
  ];
};

/** The text form of an array of texts. */
const arrayOf = (texts: readonly string[]) => `{${texts.map((text) => quotedElement(text)).join(',')}}`;

const quotedElement = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
