/** What the driver throws, in words for a person. Never the URL, and never a server's message that could quote a value. */
import {
  MongoAPIError,
  MongoCompatibilityError,
  MongoError,
  MongoNetworkError,
  MongoParseError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { Bug, exitCodes, Failure } from '../../failure.ts';

const source = { exit: exitCodes.source } as const;

/** Codes of a server that cannot answer now, but may a little later, and of cursors that it dropped (error_codes.yml in mongodb/mongo). */
const passingCodes = new Set<unknown>([
  6, 7, 43, 50, 63, 89, 91, 134, 189, 202, 206, 237, 262, 317, 358, 9001, 10107, 11600, 11602, 13388, 13435, 13436, 17405,
]);

/** The driver leaves the address of the URL for those that a replica set gives for its members. */
const replicaSetHint =
  'A replica set names its members itself, often as localhost:27017, which from here is another machine: add directConnection=true to MONGODB_URL (…/database?directConnection=true).';

/** `server` names the hosts, without user and password. */
export function serverFailure(error: unknown, server: string): Failure | Bug {
  if (error instanceof Failure || error instanceof Bug) return error;
  const causes = causesOf(error);
  if (causes.some((cause) => cause instanceof MongoCompatibilityError)) return tooOld(server, null, error);
  const tls = causes.find(isTls);
  if (tls !== undefined) return tlsFailure(server, tls, error);
  if (error instanceof MongoServerError) return refusal(error, server);
  const network = connectionFailure(error, causes, server);
  if (network !== null) return network;
  if (error instanceof MongoError) return notUnderstood(server, error.name, error);
  return new Bug('Reading the source failed in a way that is not provided for', { cause: error });
}

function refusal(error: MongoServerError, server: string): Failure {
  const { code } = error;
  // 8000 is Atlas's own code, for a wrong login among others.
  if (code === 18 || code === 8000 || code === 11) {
    return new Failure({
      ...source,
      code: 'SOURCE_LOGIN_REFUSED',
      what: `${server} refuses the login with the user and password of MONGODB_URL.`,
      next: 'Correct user and password in MONGODB_URL (special characters percent-encoded); where the user was made in another database, name that one with ?authSource=admin.',
      cause: error,
    });
  }
  if (code === 13) {
    return new Failure({
      ...source,
      code: 'SOURCE_NO_RIGHT',
      what: `${server} does not let this user read the database (or wants a login, and MONGODB_URL has none).`,
      next: 'Put a user and password into MONGODB_URL who has the role "read" on the database: db.grantRolesToUser("USER", [{role: "read", db: "DATABASE"}]).',
      cause: error,
    });
  }
  if (passingCodes.has(code) || error.hasErrorLabel('RetryableError')) return unreachable(server, nameOf(error), error);
  return notUnderstood(server, nameOf(error), error);
}

function nameOf(error: MongoServerError): string {
  return `${error.codeName ?? 'error'} ${error.code ?? ''}`.trim();
}

function connectionFailure(error: unknown, causes: readonly Error[], server: string): Failure | null {
  const codes = causes.map(codeOf);
  const dns = causes.find((cause) => /^(query(Srv|Txt)|getaddrinfo) /.test(cause.message) && codeOf(cause) !== undefined);
  if (dns !== undefined) return unknownHost(server, dns, error);
  if (codes.includes('ENOENT') || codes.includes('EACCES')) return fileOfUrl(error);
  if (codes.includes('ECONNREFUSED')) return unreachable(server, 'the connection is refused', error);
  const isNetwork = causes.some((cause) => cause instanceof MongoNetworkError || cause instanceof MongoServerSelectionError);
  if (!isNetwork && !codes.some((code) => /^E(CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)$/.test(code ?? ''))) return null;
  if (codes.includes('ETIMEDOUT') || causes.some(({ message }) => /timed out/.test(message))) {
    return unreachable(server, 'no answer in time', error, 'SOURCE_TIMEOUT');
  }
  const hint = causes.some(({ message }) => /connection .* closed|ECONNRESET/.test(message));
  return unreachable(
    server,
    hint ? 'it closes the connection (is it MongoDB, and does it want TLS: ?tls=true)' : 'the connection broke',
    error,
  );
}

function unreachable(server: string, reason: string, cause: unknown, code = 'SOURCE_UNREACHABLE'): Failure {
  return new Failure({
    ...source,
    code,
    what: `${server} cannot be reached: ${reason}.`,
    next: `See that the server runs, that host and port in MONGODB_URL are right as seen from here (in a container, localhost is the container itself), and that no firewall is between. ${replicaSetHint} Then start again.`,
    transient: true,
    cause,
  });
}

function unknownHost(server: string, dns: Error, cause: unknown): Failure {
  const passing = /EAI_AGAIN|ETIMEOUT|ESERVFAIL|ECONNREFUSED/.test(codeOf(dns) ?? '');
  return new Failure({
    ...source,
    code: 'SOURCE_HOST_UNKNOWN',
    what: `The name of ${server} cannot be looked up (${codeOf(dns)}).`,
    next: passing
      ? 'The name service does not answer: see that this machine or container has a network, then start again.'
      : `Correct the host in MONGODB_URL; a mongodb+srv:// URL needs a name with SRV records, else write mongodb://host:27017.${dns.message.startsWith('getaddrinfo') ? ` ${replicaSetHint}` : ''}`,
    transient: passing,
    cause,
  });
}

function tlsFailure(server: string, tls: Error, cause: unknown): Failure {
  return new Failure({
    ...source,
    code: 'SOURCE_TLS',
    what: `No secure connection to ${server} comes about (${codeOf(tls) ?? 'TLS'}).`,
    next: "Where the certificate is the server's own, name its authority with ?tls=true&tlsCAFile=/path/ca.pem, and write the host as the certificate has it; where the server speaks no TLS, leave tls out of MONGODB_URL (mongodb+srv:// turns it on: add tls=false).",
    cause,
  });
}

function fileOfUrl(cause: unknown): Failure {
  return new Failure({
    code: 'SOURCE_URL_FILE',
    exit: exitCodes.usage,
    what: 'A file that MONGODB_URL names (a certificate or key) cannot be read.',
    next: 'Correct tlsCAFile or tlsCertificateKeyFile in MONGODB_URL; in a container the file must be mounted.',
    cause,
  });
}

function notUnderstood(server: string, name: string, cause: unknown): Failure {
  return new Failure({
    ...source,
    code: 'SOURCE_REFUSED',
    what: `${server} does not do what is asked of it (${name}).`,
    next: 'Start again; if it comes back, take a dump with mongodump and give its folder as MONGODB_URL, and report this error.',
    cause,
  });
}

export function tooOld(server: string, version: string | null, cause?: unknown): Failure {
  return new Failure({
    ...source,
    code: 'SOURCE_TOO_OLD',
    what: `${server} is older than MongoDB 4.4${version === null ? '' : ` (it is ${version})`}.`,
    next: 'Take a dump with mongodump and give its folder as MONGODB_URL, or upgrade the server to 4.4 or later.',
    cause,
  });
}

/** What the driver says of the URL itself; its text is shown only where it holds none of the URL's secrets. */
export function urlFailure(error: unknown, secrets: readonly string[]): Failure | null {
  if (!(error instanceof MongoParseError || error instanceof MongoAPIError || error instanceof TypeError)) return null;
  const said = secrets.some((secret) => error.message.includes(secret)) ? '' : `: ${error.message}`;
  return new Failure({
    code: 'SOURCE_URL_INVALID',
    exit: exitCodes.usage,
    what: `The driver cannot use MONGODB_URL${said}.`,
    next: 'Correct MONGODB_URL; its shape is mongodb://user:password@host:27017/database?option=value.',
  });
}

/** The error, its causes, and what the driver noted of each server. */
function causesOf(error: unknown): readonly Error[] {
  const found: Error[] = [];
  const visit = (candidate: unknown): void => {
    if (!(candidate instanceof Error) || found.includes(candidate)) return;
    found.push(candidate);
    visit(candidate.cause);
    if (candidate instanceof AggregateError) candidate.errors.forEach(visit);
    if (candidate instanceof MongoServerSelectionError)
      for (const { error } of candidate.reason?.servers.values() ?? []) visit(error);
  };
  visit(error);
  return found;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function isTls(error: Error): boolean {
  const code = codeOf(error) ?? '';
  return (
    /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_)/.test(code) ||
    /before secure TLS/.test(error.message)
  );
}
