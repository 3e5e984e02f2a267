/** Connects to a MongoDB server and settles which database is meant. */
import { type Db, type Document, MongoClient, type MongoClientOptions, MongoError, MongoServerError, ReadConcern } from 'mongodb';
import type { ServerSource } from '../../config/source-url.ts';
import { exitCodes, Failure } from '../../failure.ts';
import { connectFailure, tooOld, urlFailure } from './failures.ts';

/** Milliseconds; the URL may name others. Reading one message takes seconds at most, a dead connection never answers. */
const limits = { serverSelectionTimeoutMS: 10_000, connectTimeoutMS: 8_000, socketTimeoutMS: 120_000 };

/** For a command that only asks for facts, in milliseconds. */
export const commandTimeMs = 30_000;

const majority = new ReadConcern('majority');

const commandNotFound = 59;
const systemDatabases = new Set(['admin', 'config', 'local']);

export interface Connection {
  readonly client: MongoClient;
  readonly db: Db;
  readonly version: string;
}

/** Throws a `Failure`; then nothing stays open. */
export async function connect(source: ServerSource, signal: AbortSignal): Promise<Connection> {
  const client = clientOf(source);
  const close = () => void client.close().catch(() => undefined);
  signal.addEventListener('abort', close, { once: true });
  try {
    await client.connect();
    const admin = client.db('admin');
    const { version } = await admin.command({ buildInfo: 1 });
    if (typeof version !== 'string' || isTooOld(version)) throw tooOld(source.description, String(version));
    const database = source.database ?? (await onlyDatabase(admin, source.description));
    // A replica set may roll back what only its primary has; a lone server has no majority to ask.
    const { setName, msg } = await hello(admin);
    const replicated = setName !== undefined || msg === 'isdbgrid';
    const db =
      replicated && client.readConcern === undefined ? client.db(database, { readConcern: majority }) : client.db(database);
    return { client, db, version };
  } catch (error) {
    await client.close().catch(() => undefined);
    signal.throwIfAborted();
    const ofUrl = error instanceof MongoError ? urlFailure(error, secretsOf(source.url)) : null;
    throw ofUrl ?? connectFailure(error, source.description);
  } finally {
    signal.removeEventListener('abort', close);
  }
}

/** As a server before 4.4.2 calls it, where it does not know the command by its later name. */
async function hello(admin: Db): Promise<Document> {
  try {
    return await admin.command({ hello: 1 });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== commandNotFound) throw error;
    return await admin.command({ isMaster: 1 });
  }
}

/** Connects to nothing yet. */
export function clientOf({ url, description }: Pick<ServerSource, 'url' | 'description'>): MongoClient {
  const parameters = new URLSearchParams(url.split('?')[1] ?? '');
  const given = new Set([...parameters.keys()].map((name) => name.toLowerCase()));
  const options: MongoClientOptions = { appName: 'nextcrm-migrate' };
  // An application's least number of connections may be larger than our largest.
  if (!given.has('minpoolsize')) options.maxPoolSize = 4;
  for (const [name, milliseconds] of Object.entries(limits)) {
    if (!given.has(name.toLowerCase())) Object.assign(options, { [name]: milliseconds });
  }
  try {
    return new MongoClient(withKnownCompressors(url), options);
  } catch (error) {
    throw urlFailure(error, secretsOf(url)) ?? connectFailure(error, description);
  }
}

/** Those that Node.js has. For the others the driver needs modules that are not here; without them a server sends uncompressed. */
const compressorsKnown = ['none', 'zlib'] as const;

/** Those that the URL asks for and that are left out. */
export function compressorsLeftOut(url: string): readonly string[] {
  const wanted = compressorsIn(new URLSearchParams(url.split('?')[1] ?? ''));
  return ['snappy', 'zstd'].filter((name) => wanted.includes(name));
}

/** In the URL itself: the driver offers those of the URL beside those of its other options. */
function withKnownCompressors(url: string): string {
  if (compressorsLeftOut(url).length === 0) return url;
  const [place = '', query = ''] = url.split('?');
  const kept = compressorsIn(new URLSearchParams(query)).filter((name) => (compressorsKnown as readonly string[]).includes(name));
  const others = query.split('&').filter((option) => !/^compressors=/i.test(option));
  return `${place}?${[...others, `compressors=${kept.length === 0 ? 'none' : kept.join(',')}`].join('&')}`;
}

function compressorsIn(parameters: URLSearchParams): readonly string[] {
  return [...parameters]
    .filter(([name]) => name.toLowerCase() === 'compressors')
    .flatMap(([, value]) => value.split(','))
    .map((name) => name.trim());
}

/** The parts of the URL that must not be shown, as written and decoded. */
function secretsOf(url: string): readonly string[] {
  const userInfo = /^[^:]+:\/\/([^/?]*)@/.exec(url)?.[1] ?? '';
  const parameters = new URLSearchParams(url.split('?')[1] ?? '');
  const parts = [
    ...userInfo.split(':'),
    parameters.get('tlsCertificateKeyFilePassword') ?? '',
    parameters.get('authMechanismProperties') ?? '',
  ];
  return parts.flatMap((part) => [part, decodeURIComponent(part)]).filter((part) => part !== '');
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 4 || (major === 4 && minor < 4);
}

async function onlyDatabase(admin: Db, server: string): Promise<string> {
  const names = (await listDatabases(admin)).filter((name) => !systemDatabases.has(name));
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  throw new Failure({
    code: only === undefined ? 'SOURCE_DATABASE_MISSING' : 'SOURCE_DATABASE_AMBIGUOUS',
    exit: exitCodes.usage,
    what:
      only === undefined
        ? `MONGODB_URL contains no database name, and ${server} shows no database to this user.`
        : `MONGODB_URL contains no database name, and ${server} has several: ${names.join(', ')}.`,
    next: `Add the name of NextCRM's database after the host in MONGODB_URL, for example mongodb://host:27017/${only ?? 'nextcrm'}. If the user was created in another database, add ?authSource=admin.`,
  });
}

async function listDatabases(admin: Db): Promise<readonly string[]> {
  const list = async (options: object): Promise<readonly string[]> => {
    const { databases } = await admin.command({ listDatabases: 1, nameOnly: true, maxTimeMS: commandTimeMs, ...options });
    return (databases as readonly { readonly name: string }[]).map(({ name }) => name).sort();
  };
  try {
    return await list({ authorizedDatabases: true });
  } catch (error) {
    // FerretDB does not know this option and shows all names.
    if (error instanceof MongoServerError && error.code === 2) return list({});
    throw error;
  }
}
