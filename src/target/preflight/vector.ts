/** pgvector: installed where the application looks for it, or to be installed by this user. */
import { isRaised } from '../errors.ts';
import type { Session } from '../session.ts';
import { enabledEventTriggers } from './event-triggers.ts';
import { met, type Requirement, type Unmet } from './requirement.ts';
import { refusalOf } from './trial.ts';

/** The first release with HNSW indexes, which the application creates. */
const versionMin = [0, 5];

export const vector: Requirement = async (session, { application }) => {
  const before = await readInstalled(session);
  if (before !== null) return await usable(session, application, before);
  const [row] = await session.query<{ available: boolean; there: boolean }>(
    `select exists (select from pg_available_extensions where name = 'vector') as available, to_regnamespace('public') is not null as there`,
  );
  if (!row?.available) {
    return [
      {
        code: 'TARGET_VECTOR_MISSING',
        what: `PostgreSQL at ${session.description} does not have the extension "vector" (pgvector), which ${application} requires.`,
        next: 'Use a server that has it, as the image pgvector/pgvector:pg16 does, or let its administrator install pgvector.',
      },
    ];
  }
  // That the schema is missing is another requirement.
  if (!row.there) return met;
  const refused = await refusalOf(session, () => session.script('create extension vector'));
  if (refused === null) return met;
  // The schema engine of a run that was killed may have created it meanwhile: it ends what it has in hand.
  const meanwhile = await readInstalled(session);
  if (meanwhile !== null) return await usable(session, application, meanwhile);
  // An event trigger that refuses it is another requirement.
  if (isRaised(refused) && (await enabledEventTriggers(session)).length > 0) return met;
  return [notCreated(session, refused)];
};

/** An object of its names that is there already, and is not its own: a restored dump has left it (42710 type, 42723 function). */
const inTheWay = ['42710', '42723'];

/** No privilege; Azure's list of allowed extensions answers as if the server did not have the feature. */
const notAllowed = ['42501', '0A000'];

function notCreated({ description }: Session, refused: string): Unmet {
  if (inTheWay.includes(refused))
    return {
      code: 'TARGET_NOT_EMPTY',
      what: `The extension "vector" cannot be created in ${description}: the schema "public" contains a type, function or operator of a name that the extension uses (SQLSTATE ${refused}).`,
      next: 'Migrate into a new, empty database (CREATE DATABASE …) and set DATABASE_URL to it. Or run CREATE EXTENSION vector; in that database: the error names the object, which DROP … CASCADE removes, until no error is left. Nothing was changed.',
    };
  if (!notAllowed.includes(refused))
    return {
      code: 'TARGET_VECTOR_UNUSABLE',
      what: `The extension "vector" cannot be created in ${description} (SQLSTATE ${refused}).`,
      next: 'Ask the administrator of the server to run CREATE EXTENSION vector; in that database: the error says what is wrong with the installation of pgvector.',
    };
  return {
    code: 'TARGET_VECTOR_NOT_ALLOWED',
    what: `The user of DATABASE_URL lacks the privilege to create the extension "vector" in ${description}.`,
    next: 'Ask the administrator of the server to run this line once in that database: CREATE EXTENSION vector;',
    ...(refused === '0A000' ? notListed(description) : {}),
  };
}

const notListed = (target: string): Pick<Unmet, 'what' | 'next'> => ({
  what: `The server of ${target} does not allow the extension "vector" (SQLSTATE 0A000): it is not in its list of allowed extensions.`,
  next: 'Add it to that list (Azure: server parameter azure.extensions, value VECTOR), then run as its administrator in that database: CREATE EXTENSION vector;',
});

interface Installed extends Record<string, unknown> {
  readonly version: string;
  readonly schema: string;
}

async function readInstalled(session: Session): Promise<Installed | null> {
  const [row] = await session.query<Installed>(
    `select extversion as version, nspname::text as schema
     from pg_extension e join pg_namespace n on n.oid = e.extnamespace where extname = 'vector'`,
  );
  return row ?? null;
}

async function usable(session: Session, application: string, { version, schema }: Installed): Promise<readonly Unmet[]> {
  const unmet: Unmet[] = [];
  if (schema !== 'public') {
    unmet.push({
      code: 'TARGET_VECTOR_SCHEMA',
      what: `The extension "vector" in ${session.description} is installed in the schema "${schema}"; ${application} looks for it in "public".`,
      next: 'Run in that database, as the owner of the extension: ALTER EXTENSION vector SET SCHEMA public;',
    });
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === versionMin[0] && minor < (versionMin[1] ?? 0)) {
    unmet.push({
      code: 'TARGET_VECTOR_TOO_OLD',
      what: `The extension "vector" in ${session.description} is version ${version}; ${application} requires ${versionMin.join('.')} or later (HNSW indexes).`,
      next: 'Run in that database, as the owner of the extension: ALTER EXTENSION vector UPDATE;',
    });
  }
  if (unmet.length > 0) return unmet;
  const refused = await refusalOf(session, () =>
    session.query(`select '[1,2,3]'::public.vector operator(public.<->) '[1,2,4]'::public.vector`),
  );
  if (refused === null) return met;
  if (refused === '42501') return await notAllowedToUse(session);
  return [
    {
      code: 'TARGET_VECTOR_UNUSABLE',
      what: `The extension "vector" is installed in ${session.description}, but does not work (SQLSTATE ${refused}).`,
      next: 'Let the administrator install the build of pgvector that fits the server, then run in that database: ALTER EXTENSION vector UPDATE;',
    },
  ];
}

/** USAGE of the schema is another requirement. */
async function notAllowedToUse(session: Session): Promise<readonly Unmet[]> {
  const [row] = await session.query<{ schema: boolean; user: string }>(
    `select has_schema_privilege('public', 'USAGE') as schema, quote_ident(current_user) as user`,
  );
  if (row === undefined || !row.schema) return met;
  return [
    {
      code: 'TARGET_NO_RIGHT',
      what: `The user of DATABASE_URL lacks a privilege on the type or the functions of the extension "vector" in ${session.description}.`,
      next: `Ask the administrator to run in that database: GRANT USAGE ON TYPE public.vector TO ${row.user}; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO ${row.user};`,
    },
  ];
}
