/** What both connection URLs have in common: an authority, a path and parameters, any of which may hold a secret. */
import { type Parsed, refused } from './problem.ts';

export interface UrlParts {
  readonly scheme: string;
  /** Still percent-encoded; null where there is none. */
  readonly userInfo: string | null;
  /** Hosts and ports, still percent-encoded. */
  readonly hosts: string;
  /** Without the leading slash, still percent-encoded. */
  readonly path: string;
  readonly parameters: URLSearchParams;
}

/** Not `new URL`: it refuses several hosts, and its error carries the whole URL, password included. */
export function splitUrl(variable: string, text: string): Parsed<UrlParts> {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text);
  const rest = match?.[2];
  if (match?.[1] === undefined || rest === undefined) return refused(`${variable} is not a URL.`, howToBegin(text));
  const end = rest.search(/[/?#]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const tail = end === -1 ? '' : rest.slice(end);
  // A reserved character of the password that is not encoded ends the authority too early: what follows would be
  // taken for a database or a parameter, and shown.
  if (tail.includes('@') || tail.includes('#'))
    return refused(`${variable} cannot be parsed: is a special character in the password not percent-encoded?`, encodeHint);
  const at = authority.lastIndexOf('@');
  const question = tail.indexOf('?');
  const path = question === -1 ? tail : tail.slice(0, question);
  return {
    value: {
      scheme: match[1].toLowerCase(),
      userInfo: at === -1 ? null : authority.slice(0, at),
      hosts: authority.slice(at + 1),
      path: path.replace(/^\//, ''),
      parameters: new URLSearchParams(question === -1 ? '' : tail.slice(question + 1)),
    },
  };
}

export const encodeHint =
  'Percent-encode special characters in the user name, password and database name: @ as %40, / as %2F, : as %3A, # as %23, ? as %3F, % as %25.';

/** Null where a percent sign begins no character. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function howToBegin(text: string): string {
  if (/^["'`]/.test(text))
    return 'It begins with a quotation mark. Remove the quotation marks (Docker env files keep them as part of the value).';
  return 'It must begin with its scheme, for example postgresql://user:password@host:5432/database or mongodb://host:27017/database.';
}
