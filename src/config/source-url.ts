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
      'For a dump write file: before it, as in file:///path/to/dump or file:./dump.',
    );
  }
  const split = splitUrl(variable, text);
  if ('problem' in split) return split;
  const { scheme, userInfo, hosts, path } = split.value;
  if (scheme !== 'mongodb' && scheme !== 'mongodb+srv') {
    return refused(
      `${variable} is no MongoDB URL.`,
      'It has to begin with mongodb://, mongodb+srv:// or file: and names the source.',
    );
  }
  const database = decoded(path);
  if (database === null || decoded(userInfo ?? '') === null)
    return refused(`${variable} holds a percent sign that encodes nothing.`, encodeHint);
  if (/[/\\. "$\0]/.test(database)) return refused(`${variable} names a database that MongoDB cannot have.`, encodeHint);
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
  if (hosts === '') return refused(`${variable} names no host.`, 'Write mongodb://user:password@host:27017/database.');
  const shape = /^(?:\[[0-9a-f:.%]+\]|[^:[\]\s]+)(?::(\d+))?$/i;
  for (const host of hosts.split(',')) {
    const match = shape.exec(host);
    // What is not read is not shown: it may be a piece of a password.
    if (match === null || decoded(host) === null)
      return refused(`${variable} has a host or port that cannot be read.`, encodeHint);
    if (match[1] !== undefined && (Number(match[1]) < 1 || Number(match[1]) > 65535)) {
      return refused(`${variable} has a port out of range.`, 'Ports go from 1 to 65535; MongoDB has 27017 as a rule.');
    }
    if (scheme === 'mongodb+srv' && (match[1] !== undefined || hosts.includes(','))) {
      return refused(
        `${variable}: mongodb+srv:// takes one host without a port.`,
        'Write mongodb+srv://user:password@host/database, or use mongodb://.',
      );
    }
  }
  return null;
}

/** By hand: the URL standard would read `file:./dump` from the root and `file://dump` as a host. */
function parseFileUrl(rest: string, cwd: string, variable: string): Parsed<DumpSource> {
  const shapes = 'Write file:///path/to/dump for a whole path, or file:./dump for one from the current folder.';
  const path = rest.replace(/^\/\/localhost\//i, '/').replace(/^\/\/(?=\/)/, '');
  if (path.startsWith('//')) return refused(`${variable} names a host: a dump is read from this machine's disk only.`, shapes);
  if (/[?#]/.test(path))
    return refused(
      `${variable} has parameters, which a folder does not take.`,
      'Write ? as %3F and # as %23 where they belong to a name.',
    );
  const folder = decoded(path);
  if (folder === null) return refused(`${variable} holds a percent sign that encodes nothing.`, 'Write % as %25.');
  if (folder === '' || folder.includes('\0')) return refused(`${variable} names no folder.`, shapes);
  if (/^~(\/|$)/.test(folder))
    return refused(`${variable} begins with ~, which only a shell knows.`, 'Write the whole path, as in file:///home/me/dump.');
  const absolute = resolve(cwd, folder);
  return { value: { kind: 'dump', folder: absolute, description: `dump in ${absolute}` } };
}
