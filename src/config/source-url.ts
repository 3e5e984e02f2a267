/** MONGODB_URL: the source, a MongoDB server or the folder that mongodump wrote. The driver reads the rest of it. */
import { resolve } from 'node:path';
import { decoded, encodeHint, splitUrl } from './connection-url.ts';
import { type Parsed, refused } from './problem.ts';

export interface ServerSource {
  readonly kind: 'server';
  /** As given, for the driver. Holds the password: never shown. */
  readonly url: string;
  /** Null where the URL names none. */
  readonly database: string | null;
  /** The hosts, for people: no user, no password. */
  readonly description: string;
}

interface DumpSource {
  readonly kind: 'dump';
  /** Absolute. */
  readonly folder: string;
  readonly description: string;
}

export type SourceUrl = ServerSource | DumpSource;

export function parseSourceUrl(text: string, cwd: string, variable = 'MONGODB_URL'): Parsed<SourceUrl> {
  if (/^file:/i.test(text)) return parseFileUrl(text.slice('file:'.length), cwd, variable);
  if (/^[./~]/.test(text)) {
    return refused(
      `${variable} is a path, not a URL.`,
      'For a dump, put file: in front of it, for example file:///path/to/dump or file:./dump.',
    );
  }
  const split = splitUrl(variable, text);
  if ('problem' in split) return split;
  const { scheme, userInfo, hosts, path } = split.value;
  if (scheme !== 'mongodb' && scheme !== 'mongodb+srv') {
    return refused(`${variable} is not a MongoDB URL.`, 'It must begin with mongodb://, mongodb+srv:// or file:.');
  }
  const database = decoded(path);
  if (database === null || decoded(userInfo ?? '') === null)
    return refused(`${variable} contains an invalid percent-encoding.`, encodeHint);
  if (/[/\\. "$\0]/.test(database)) return refused(`${variable} contains an invalid MongoDB database name.`, encodeHint);
  const problem = hostsProblem(variable, scheme, hosts);
  if (problem !== null) return problem;
  return {
    value: {
      kind: 'server',
      url: text,
      database: database === '' ? null : database,
      description: `MongoDB at ${decoded(hosts)}`,
    },
  };
}

function hostsProblem(variable: string, scheme: string, hosts: string): ReturnType<typeof refused> | null {
  if (hosts === '') return refused(`${variable} contains no host.`, 'Write mongodb://user:password@host:27017/database.');
  const shape = /^(?:\[[0-9a-f:.%]+\]|[^:[\]\s]+)(?::(\d+))?$/i;
  for (const host of hosts.split(',')) {
    const match = shape.exec(host);
    // What is not read is not shown: it may be a piece of a password.
    if (match === null || decoded(host) === null) return refused(`${variable} contains an invalid host or port.`, encodeHint);
    if (match[1] !== undefined && (Number(match[1]) < 1 || Number(match[1]) > 65535)) {
      return refused(
        `${variable} contains a port that is out of range.`,
        'Valid ports are 1 to 65535; the default port of MongoDB is 27017.',
      );
    }
    if (scheme === 'mongodb+srv' && (match[1] !== undefined || hosts.includes(','))) {
      return refused(
        `${variable}: mongodb+srv:// requires exactly one host, without a port.`,
        'Write mongodb+srv://user:password@host/database, or use mongodb://.',
      );
    }
  }
  return null;
}

/** By hand: the URL standard would read `file:./dump` from the root and `file://dump` as a host. */
function parseFileUrl(rest: string, cwd: string, variable: string): Parsed<DumpSource> {
  const shapes = 'Use file:///path/to/dump for an absolute path, or file:./dump for a path relative to the current folder.';
  const path = rest.replace(/^\/\/localhost\//i, '/').replace(/^\/\/(?=\/)/, '');
  if (path.startsWith('//')) return refused(`${variable} contains a host, but a dump is read from the local disk only.`, shapes);
  if (/[?#]/.test(path))
    return refused(
      `${variable} contains parameters, but the URL of a folder has none.`,
      'Write ? as %3F and # as %23 if they are part of a name.',
    );
  const folder = decoded(path);
  if (folder === null) return refused(`${variable} contains an invalid percent-encoding.`, 'Write % as %25.');
  if (folder === '' || folder.includes('\0')) return refused(`${variable} contains no folder.`, shapes);
  if (/^~(\/|$)/.test(folder))
    return refused(
      `${variable} begins with ~, which only a shell expands.`,
      'Use the absolute path, for example file:///home/me/dump.',
    );
  const absolute = resolve(cwd, folder);
  return { value: { kind: 'dump', folder: absolute, description: `dump in ${absolute}` } };
}
