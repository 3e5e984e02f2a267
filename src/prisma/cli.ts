/** Runs the stock Prisma CLI of this checkout, with the schema engine of this folder and nothing from the network. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { type Environment, inheritedEnvironment } from '../config/settings.ts';
import { parseTargetUrl } from '../config/target-url.ts';
import { exitCodes, Failure, invariant } from '../failure.ts';
import { childProgram, root, shortLived } from '../program-files.ts';
import { lockSecondsMax } from './pool.ts';
import { writableFolders } from './writable-folders.ts';

export interface CliCall {
  /** The target. It reaches the schema engine by the environment alone; the CLI itself gets it without user and password. */
  readonly url: string;
  readonly signal?: AbortSignal | undefined;
}

export interface CliOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const cliEntry = fileURLToPath(new URL('build/index.js', import.meta.resolve('prisma/package.json')));
const schemaEngine = childProgram('prisma/schema-engine');

/** Applying all to an empty database takes two seconds; a busy server, or another run's lock, may hold it up. */
const callMsMax = 300_000;

/** The CLI's and the engine's words for a session that is lost; with "terminating connection" PostgreSQL begins each of its own (class 57P). */
const gone = /reach database server|closed the connection|terminating connection|timed out|did not end within/i;

/** Applies the migrations that the target does not have. @throws Failure, and the signal's reason when it is aborted. */
export async function deploy(call: CliCall): Promise<void> {
  const output = await run(['migrate', 'deploy'], call);
  if (output.exitCode === 0) return;
  if (/lock timeout/i.test(output.stderr)) throw locked();
  throw new Failure({
    code: 'TARGET_SCHEMA_REFUSED',
    exit: exitCodes.target,
    what: `The schema could not be created in the target: ${reasonIn(output)}`,
    next: 'Correct the reported problem on the server, then start again: completed work is kept.',
    transient: gone.test(output.stderr),
  });
}

function locked(): Failure {
  return new Failure({
    code: 'TARGET_LOCKED',
    exit: exitCodes.target,
    what: `The schema could not be created in the target: another program held a lock on a table for more than ${lockSecondsMax} s.`,
    next: 'Stop every other program that uses this database (NextCRM itself, psql, backups), then start again: completed work is kept.',
  });
}

/** Tells by its exit code and text whether the history in the target is that of the folder. */
export const status = (call: CliCall): Promise<CliOutput> => run(['migrate', 'status'], call);

/** Exit code 2 when the target and schema.prisma differ in what Prisma can see. */
export const diff = (call: CliCall): Promise<CliOutput> =>
  run(['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code'], call);

export const validate = (): Promise<CliOutput> => run(['validate'], undefined);

/** Makes the client in `client/`; for the set-up, which has no target. */
export const generate = (): Promise<CliOutput> => run(['generate'], undefined);

const run = (command: readonly string[], call: CliCall | undefined): Promise<CliOutput> => runIn(root, command, call);

/** `folder` holds a `prisma.config.ts`: this checkout, or for a test the app's. */
export async function runIn(folder: string, command: readonly string[], call: CliCall | undefined): Promise<CliOutput> {
  call?.signal?.throwIfAborted();
  const result = await execa(process.execPath, [...shortLived, cliEntry, ...command], {
    cwd: folder,
    env: environmentFor(call?.url, await writableFolders()),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: callMsMax,
    ...(call?.signal === undefined ? {} : { cancelSignal: call.signal }),
  });
  call?.signal?.throwIfAborted();
  return outputOf(result);
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

function outputOf({ exitCode, signal, timedOut, stdout, stderr }: Ended): CliOutput {
  const stopped = timedOut
    ? `\nIt timed out after ${callMsMax / 1000} seconds.`
    : signal === undefined
      ? ''
      : `\nIt was terminated by ${signal}.`;
  return { exitCode: exitCode ?? 1, stdout, stderr: stderr + stopped };
}

/** Ours go first on the path, since the schema engine's first line asks for `node`. */
function environmentFor(url: string | undefined, folders: Environment): Record<string, string> {
  const inherited = { ...inheritedEnvironment(), ...folders };
  const kept = ['HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'USER', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = inherited[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(kept),
    PATH: `${dirname(process.execPath)}:${inherited['PATH'] ?? ''}`,
    CI: '1',
    NO_COLOR: '1',
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING: '1',
    PRISMA_SCHEMA_ENGINE_BINARY: schemaEngine,
    ...(url === undefined ? {} : { DATABASE_URL: withoutLogin(url), NEXTCRM_SCHEMA_ENGINE_URL: url }),
  };
}

/** The CLI shows this URL's host and database, and gives all of it to the engine as an argument. */
function withoutLogin(url: string): string {
  const parsed = parseTargetUrl(url, root);
  invariant('value' in parsed, 'The URL of a call of the Prisma CLI was parsed before');
  const { host, port, database } = parsed.value;
  const shownHost = host.startsWith('/') ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `postgresql://${shownHost}:${port}/${encodeURIComponent(database)}?schema=public`;
}

/** The CLI's own words about what went wrong, in one line. */
function reasonIn({ stdout, stderr }: CliOutput): string {
  const lines = (stderr.trim() === '' ? stdout : stderr).split('\n').map((line) => line.trim());
  const begin = lines.findIndex((line) => line.startsWith('Error:'));
  const reported = lines
    .slice(Math.max(begin, 0))
    .filter((line) => line !== '' && !/^(Loaded Prisma config|Prisma schema loaded)/.test(line));
  return reported.join(' ').replace(/^Error: (P\d{4}:? )?/, '') || 'the Prisma CLI ended without a message.';
}
