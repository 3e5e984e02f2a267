/** The environment and `.env`, parsed once into settings. Nothing else in the program reads the environment. */
import { join, resolve } from 'node:path';
import { parse, populate } from 'dotenv';
import { type Parsed, type Problem, refused, settingsFailure } from './problem.ts';
import { parseSourceUrl, type SourceUrl } from './source-url.ts';
import { parseTargetUrl, type TargetUrl } from './target-url.ts';
import { readText } from './text-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Need {
  /** 'later': not needed while the target tells that all is done, but its problems are reported along with the target's. */
  readonly source: boolean | 'later';
  readonly target: boolean;
}

export interface Settings<N extends Need = Need> {
  /** Null where it is not needed, or only later. */
  readonly source: N['source'] extends true ? SourceUrl : SourceUrl | null;
  readonly target: N['target'] extends true ? TargetUrl : TargetUrl | null;
  /** The mounted volume, absolute. */
  readonly directory: string;
  /** The folder `prisma/` of the NextCRM release whose migrations this run applies, absolute; null where the app applies them. */
  readonly appFolder: string | null;
}

const directoryDefault = 'migration-data';
const knownOurs = ['MIGRATION_DIR'];
const appFolderVariable = 'NEXTCRM_PRISMA';
const pairs = ['MONGODB_URL', 'DATABASE_URL'] as const;
type UrlVariable = (typeof pairs)[number];
const lookAlikes: Readonly<Record<UrlVariable, readonly string[]>> = {
  MONGODB_URL: ['MONGODB_URI', 'MONGO_URL', 'MONGO_URI', 'MONGO_DB_URL'],
  DATABASE_URL: ['POSTGRES_URL', 'POSTGRESQL_URL', 'POSTGRES_PRISMA_URL', 'DATABASE_URI'],
};

export const environmentSettings = <N extends Need>(need: N): Settings<N> => readSettings(process.env, process.cwd(), need);

/** True where the compose file says that its own PostgreSQL is the target. */
export const bundledDatabase = (env: Environment = process.env): boolean => env['BUNDLED_DATABASE'] === 'yes';

/** The environment that a program started by ours gets. */
export const inheritedEnvironment = (): Environment => ({ ...process.env });

/** @throws Failure that tells all problems at once. */
export function readSettings<N extends Need>(env: Environment, cwd: string, need: N): Settings<N> {
  const problems: Problem[] = [];
  const all = withDotenv(env, cwd, problems);
  problems.push(...unknownOurs(all));
  const sourceText = need.source === false ? null : textOf('MONGODB_URL', all, cwd);
  const targetText = need.target ? textOf('DATABASE_URL', all, cwd) : null;
  const swapped = sourceText !== null && targetText !== null && isPostgres(sourceText) && isMongo(targetText);
  if (swapped) problems.push(swappedProblem);
  const target = targetText === null || swapped ? null : parsed(targetText, (text) => targetOf(text, cwd), problems);
  const sourceProblems: Problem[] = [];
  const source = sourceText === null || swapped ? null : parsed(sourceText, (text) => sourceOf(text, cwd), sourceProblems);
  // A finished run is a no-op that needs no source: its problems count only beside others.
  if (need.source !== 'later' || problems.length > 0) problems.push(...sourceProblems);
  const [first, ...others] = problems;
  if (first !== undefined) throw settingsFailure([first, ...others]);
  const directory = resolve(cwd, all['MIGRATION_DIR'] || directoryDefault);
  const appFolder = all[appFolderVariable] ? resolve(cwd, all[appFolderVariable]) : null;
  // What is needed is not null here: it was parsed, or its problem was thrown.
  return { source, target, directory, appFolder } as Settings<N>;
}

function parsed<T>(text: Parsed<string>, parse: (text: string) => Parsed<T>, problems: Problem[]): T | null {
  const result = 'problem' in text ? text : parse(text.value);
  if ('value' in result) return result.value;
  problems.push(result.problem);
  return null;
}

/** A copy: `.env` never overrides what is set, and nothing is written to the process's own environment. */
function withDotenv(env: Environment, cwd: string, problems: Problem[]): Environment {
  // A variable that compose passes on without a value is there, and empty: as good as not set.
  const all = Object.fromEntries(Object.entries(env).filter(([name, value]) => value !== '' || !isOurs(name)));
  try {
    const text = readText(join(cwd, '.env'));
    if (text === null)
      problems.push({ what: `The file .env in ${cwd} is not UTF-8 text.`, next: 'Save it as UTF-8, then start again.' });
    else populate(all, parse(text), { override: false });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      problems.push({ what: `The file .env in ${cwd} cannot be read.`, next: 'Make it readable, or remove it.' });
  }
  return all;
}

const isOurs = (name: string) =>
  name.startsWith('MIGRATION_') || name === appFolderVariable || pairs.some((pair) => name === pair || name === `${pair}_FILE`);

function unknownOurs(all: Environment): Problem[] {
  return Object.keys(all)
    .filter((name) => name.startsWith('MIGRATION_') && !knownOurs.includes(name))
    .map((name) => ({
      what: `Unknown setting ${name}.`,
      next: `Remove it. The only setting with this prefix is ${knownOurs.join(', ')}.`,
    }));
}

function textOf(variable: UrlVariable, all: Environment, cwd: string): Parsed<string> {
  const file = all[`${variable}_FILE`]?.trim();
  const value = all[variable]?.trim();
  if (value && file) return refused(`${variable} and ${variable}_FILE are both set.`, 'Set only one of them.');
  if (file) return secretOf(variable, resolve(cwd, file));
  if (value) return { value };
  const found = lookAlikes[variable].find((name) => all[name]);
  const hint = found === undefined ? '' : ` ${found} is set, but is not read.`;
  return refused(`${variable} is missing.${hint}`, missingHints[variable]);
}

const missingHints: Readonly<Record<UrlVariable, string>> = {
  MONGODB_URL:
    'Set it to the source: mongodb://user:password@host:27017/database, or file:///path/to/dump for a mongodump output folder.',
  DATABASE_URL: 'Set it to the target: postgresql://user:password@host:5432/database.',
};

function secretOf(variable: UrlVariable, path: string): Parsed<string> {
  try {
    const value = readText(path)?.trim();
    if (value === undefined) return refused(`${variable}_FILE: the file ${path} is not UTF-8 text.`, 'Save it as UTF-8.');
    return value === '' ? refused(`${variable}_FILE: the file ${path} is empty.`, 'Write the URL into it.') : { value };
  } catch {
    return refused(
      `${variable}_FILE: the file ${path} cannot be read.`,
      'Check the path, and that the secret is mounted and readable.',
    );
  }
}

const isPostgres = (text: Parsed<string>) => 'value' in text && /^postgres(ql)?:/i.test(text.value);
const isMongo = (text: Parsed<string>) => 'value' in text && /^mongodb(\+srv)?:/i.test(text.value);

const which = 'MONGODB_URL is the source (MongoDB), DATABASE_URL is the target (PostgreSQL).';

const swappedProblem: Problem = { what: 'MONGODB_URL and DATABASE_URL are swapped.', next: `${which} Swap their values.` };

function targetOf(text: string, cwd: string): Parsed<TargetUrl> {
  if (!isMongo({ value: text })) return parseTargetUrl(text, cwd);
  // The error that people make most.
  const history =
    "NextCRM's MongoDB releases used DATABASE_URL for MongoDB: move that value to MONGODB_URL, and set DATABASE_URL to PostgreSQL.";
  return refused('DATABASE_URL contains a MongoDB URL.', `${which} ${history}`);
}

function sourceOf(text: string, cwd: string): Parsed<SourceUrl> {
  if (!isPostgres({ value: text })) return parseSourceUrl(text, cwd);
  return refused('MONGODB_URL contains a PostgreSQL URL.', `${which} Set MONGODB_URL to MongoDB, or to a dump.`);
}
