/** What the driver throws, in words for a person. Never the URL, and never a server's message that could quote a value. */
import {
  MongoAPIError,
  MongoCompatibilityError,
  MongoError,
  MongoMissingDependencyError,
  MongoNetworkError,
  MongoOIDCError,
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
  'The members of a replica set are often configured as localhost:27017, which is another machine as seen from here: add directConnection=true to MONGODB_URL (…/database?directConnection=true).';

/** `server` names the hosts, without user and password. */
export function serverFailure(error: unknown, server: string): Failure | Bug {
  if (error instanceof Failure || error instanceof Bug) return error;
  const causes = causesOf(error);
  if (causes.some(isTooOld)) return tooOld(server, null, error);
  if (causes.some((cause) => cause instanceof MongoMissingDependencyError)) return moduleMissing(server, error);
  if (causes.some((cause) => cause instanceof MongoOIDCError)) return noToken(server, error);
  const tls = causes.find(isTls);
  if (tls !== undefined) return tlsFailure(server, tls, error);
  if (error instanceof MongoServerError) return refusal(error, server);
  const network = connectionFailure(error, causes, server);
  if (network !== null) return network;
  if (error instanceof MongoError) return notUnderstood(server, error.name, error);
  return new Bug('Reading the source failed with an unexpected error', { cause: error });
}

/** Whatever connecting throws: nothing has been read yet, and the server or the URL is what is in the way. */
export function connectFailure(error: unknown, server: string): Failure {
  const failure = serverFailure(error, server);
  if (failure instanceof Failure) return failure;
  return unreachable(server, `connecting failed${error instanceof Error ? ` (${codeOf(error) ?? error.name})` : ''}`, error);
}

function moduleMissing(server: string, cause: unknown): Failure {
  return new Failure({
    ...source,
    code: 'SOURCE_OPTION_UNSUPPORTED',
    what: `An option in MONGODB_URL for ${server} requires a module that this program does not contain: authMechanism=GSSAPI or MONGODB-AWS, or a SOCKS proxy (proxyHost), for example.`,
    next: 'Remove that option and use a user with a password (SCRAM), or create a dump with mongodump and set MONGODB_URL to its folder.',
    cause,
  });
}

function refusal(error: MongoServerError, server: string): Failure {
  const { code } = error;
  // 8000 is Atlas's own code, for a wrong login among others.
  if (code === 18 || code === 8000 || code === 11) {
    return new Failure({
      ...source,
      code: 'SOURCE_LOGIN_REFUSED',
      what: `${server} rejected the user or password of MONGODB_URL (authentication failed).`,
      next: 'Correct user and password in MONGODB_URL (percent-encode special characters). If the user was created in another database, name that database with ?authSource=admin.',
      cause: error,
    });
  }
  if (code === 334) {
    return new Failure({
      ...source,
      code: 'SOURCE_LOGIN_REFUSED',
      what: `${server} does not support the authentication mechanism of MONGODB_URL (authMechanism).`,
      next: 'Remove authMechanism from MONGODB_URL, so that the mechanism that the server supports is used, and use a user with a password (SCRAM).',
      cause: error,
    });
  }
  if (code === 13) {
    return new Failure({
      ...source,
      code: 'SOURCE_NO_RIGHT',
      what: `${server} refused to read the database: the user is not authorized, or the server requires authentication, but MONGODB_URL has no credentials.`,
      next: 'Set MONGODB_URL to a user and password with the role "read" on the database: db.grantRolesToUser("USER", [{role: "read", db: "DATABASE"}]).',
      cause: error,
    });
  }
  if (passingCodes.has(code) || error.hasErrorLabel('RetryableError')) return unreachable(server, nameOf(error), error);
  return notUnderstood(server, nameOf(error), error);
}

/** The service of a cloud that gives the token answers only on a machine of that cloud. */
function noToken(server: string, cause: unknown): Failure {
  return new Failure({
    ...source,
    code: 'SOURCE_LOGIN_REFUSED',
    what: `No token for ${server} can be obtained: authMechanism=MONGODB-OIDC in MONGODB_URL works only in the environment that it names.`,
    next: 'Run the migration in that environment, or use a user with a password (SCRAM) in MONGODB_URL.',
    cause,
  });
}

function nameOf(error: MongoServerError): string {
  return `${error.codeName ?? 'error'} ${error.code ?? ''}`.trim();
}

function connectionFailure(error: unknown, causes: readonly Error[], server: string): Failure | null {
  const codes = causes.map(codeOf);
  const dns = causes.find((cause) => /^(query(Srv|Txt)|getaddrinfo) /.test(cause.message) && codeOf(cause) !== undefined);
  if (dns !== undefined) return unknownHost(server, dns, error);
  // The path of a Unix socket; a file of the URL is opened, not connected to.
  const socket = causes.find(
    (cause) => 'syscall' in cause && cause.syscall === 'connect' && /^E(NOENT|ACCES|INVAL)$/.test(codeOf(cause) ?? ''),
  );
  if (socket !== undefined) return unreachable(server, `the Unix socket cannot be opened (${codeOf(socket)})`, error);
  if (codes.includes('ENOENT') || codes.includes('EACCES')) return fileOfUrl(error);
  if (causes.some(isOutsideReplicaSet)) return outsideReplicaSet(server, error);
  if (codes.includes('ECONNREFUSED')) return unreachable(server, 'connection refused', error);
  const isNetwork = causes.some((cause) => cause instanceof MongoNetworkError || cause instanceof MongoServerSelectionError);
  if (!isNetwork && !codes.some((code) => /^E(CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)$/.test(code ?? ''))) return null;
  if (codes.includes('ETIMEDOUT') || causes.some(({ message }) => /timed out/.test(message))) {
    return unreachable(server, 'timed out', error, 'SOURCE_TIMEOUT');
  }
  const hint = causes.some(({ message }) => /connection .* closed|ECONNRESET/.test(message));
  return unreachable(
    server,
    hint ? 'the server closed the connection (is it MongoDB, and does it require TLS: ?tls=true)' : 'connection lost',
    error,
  );
}

function unreachable(server: string, reason: string, cause: unknown, code = 'SOURCE_UNREACHABLE'): Failure {
  return new Failure({
    ...source,
    code,
    what: `${server} cannot be reached: ${reason}.`,
    next: `Check that the server is running, that host and port in MONGODB_URL are correct as seen from here (in a container, localhost is the container itself), and that no firewall blocks the connection. ${replicaSetHint} Then start again.`,
    transient: true,
    cause,
  });
}

/** The driver forgets a server that is not a member of the set that the URL names. */
const isOutsideReplicaSet = (error: Error): boolean =>
  error instanceof MongoServerSelectionError && error.reason?.setName !== null && error.reason?.servers.size === 0;

function outsideReplicaSet(server: string, cause: unknown): Failure {
  return new Failure({
    ...source,
    code: 'SOURCE_UNREACHABLE',
    what: `No server at ${server} is a member of the replica set that MONGODB_URL names (replicaSet).`,
    next: 'Correct replicaSet in MONGODB_URL (in mongosh: rs.conf()._id), or remove it if the server is not part of a replica set.',
    transient: true,
    cause,
  });
}

function unknownHost(server: string, dns: Error, cause: unknown): Failure {
  const passing = /EAI_AGAIN|ETIMEOUT|ESERVFAIL|ECONNREFUSED/.test(codeOf(dns) ?? '');
  return new Failure({
    ...source,
    code: 'SOURCE_HOST_UNKNOWN',
    what: `The host name of ${server} cannot be resolved (${codeOf(dns)}).`,
    next: passing
      ? 'DNS does not respond: check the network of this machine or container, then start again.'
      : `Correct the host in MONGODB_URL; a mongodb+srv:// URL requires a host name with DNS SRV records, otherwise use mongodb://host:27017.${dns.message.startsWith('getaddrinfo') ? ` ${replicaSetHint}` : ''}`,
    transient: passing,
    cause,
  });
}

/** Of an address that is not in its access list, Atlas takes the connection and ends the handshake with this alert (80). */
const alertOfAtlas = 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR';

function tlsFailure(server: string, tls: Error, cause: unknown): Failure {
  const isAtlas = codeOf(tls) === alertOfAtlas;
  return new Failure({
    ...source,
    code: 'SOURCE_TLS',
    what: `TLS handshake with ${server} failed (${codeOf(tls) ?? 'TLS'}).`,
    next: isAtlas
      ? 'In Atlas, add the public address of this machine to the access list of the project (Network Access). Elsewhere, the log of the server has the reason.'
      : 'If the certificate is self-signed or from a private CA, add ?tls=true&tlsCAFile=/path/ca.pem, and use the host name that is in the certificate. If the server does not use TLS, remove tls from MONGODB_URL (mongodb+srv:// enables it: add tls=false).',
    cause,
  });
}

function fileOfUrl(cause: unknown): Failure {
  return new Failure({
    code: 'SOURCE_URL_FILE',
    exit: exitCodes.usage,
    what: 'A file that MONGODB_URL requires (a certificate, a key, or the token of MONGODB-OIDC) cannot be read.',
    next: 'Correct tlsCAFile, tlsCertificateKeyFile or authMechanism in MONGODB_URL; in a container the file must be mounted.',
    cause,
  });
}

function notUnderstood(server: string, name: string, cause: unknown): Failure {
  return new Failure({
    ...source,
    code: 'SOURCE_REFUSED',
    what: `${server} returned an unexpected error (${name}).`,
    next: 'Start again. If the error persists, create a dump with mongodump, set MONGODB_URL to its folder, and report this error.',
    cause,
  });
}

export function tooOld(server: string, version: string | null, cause?: unknown): Failure {
  return new Failure({
    ...source,
    code: 'SOURCE_TOO_OLD',
    what: `${server} is older than MongoDB 4.4${version === null ? '' : ` (its version is ${version})`}.`,
    next: 'Create a dump with mongodump and set MONGODB_URL to its folder, or upgrade the server to 4.4 or later.',
    cause,
  });
}

/** Of other causes than the URL, though the driver has one kind of error for them. */
const isTooOld = (error: unknown): boolean => error instanceof MongoCompatibilityError && /wire version/.test(error.message);

/** What the driver says of the URL itself; its text is shown only where it holds none of the URL's secrets. */
export function urlFailure(error: unknown, secrets: readonly string[]): Failure | null {
  if (!(error instanceof MongoParseError || error instanceof MongoAPIError || error instanceof TypeError)) return null;
  if (isTooOld(error) || error instanceof MongoMissingDependencyError || error instanceof MongoOIDCError) return null;
  const said = secrets.some((secret) => error.message.includes(secret)) ? '' : `: ${error.message}`;
  return new Failure({
    code: 'SOURCE_URL_INVALID',
    exit: exitCodes.usage,
    what: `The driver cannot use MONGODB_URL${said}.`,
    next: 'Correct MONGODB_URL. Its format is mongodb://user:password@host:27017/database?option=value.',
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
