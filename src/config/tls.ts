/** What a connection URL's `sslmode` and certificate parameters ask of TLS, in the meaning that libpq gives them. */
import type { ConnectionOptions } from 'node:tls';

export interface TlsWish {
  /** `if offered` is libpq's `prefer`: encrypted where the server can, plain where it cannot. */
  readonly use: 'never' | 'if offered' | 'always';
  readonly options: ConnectionOptions;
}

export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof sslModes)[number];

export const isSslMode = (text: string): text is SslMode => (sslModes as readonly string[]).includes(text);

/** Trust without a look: what libpq does below `verify-ca`. */
const unverified: ConnectionOptions = { rejectUnauthorized: false };
/** The chain is checked, the name is not. */
const chainOnly: ConnectionOptions = { rejectUnauthorized: true, checkServerIdentity: () => undefined };

/**
 * `sslcert` is the server's root certificate (Prisma's meaning) unless `sslkey` stands beside it: then it is the
 * client's (libpq's meaning), and the root is `sslrootcert`. `require` with a root is `verify-ca`, as in libpq.
 * @throws what `readFile` throws for a certificate that cannot be read; RangeError for an unknown mode.
 */
export function tlsOf(parameters: URLSearchParams, readFile: (path: string) => string): TlsWish {
  const mode = parameters.get('sslmode') ?? 'prefer';
  if (!isSslMode(mode)) throw new RangeError(`Expected sslmode to be one of ${sslModes.join(', ')}`);
  if (mode === 'disable') return { use: 'never', options: {} };
  const { root, client } = certificates(parameters, readFile);
  switch (mode) {
    case 'allow':
    case 'prefer':
      return { use: 'if offered', options: { ...unverified, ...client } };
    case 'require':
      return {
        use: 'always',
        options: root === undefined ? { ...unverified, ...client } : { ...chainOnly, ca: root, ...client },
      };
    case 'verify-ca':
      return { use: 'always', options: { ...chainOnly, ...(root === undefined ? {} : { ca: root }), ...client } };
    case 'verify-full':
      return { use: 'always', options: { rejectUnauthorized: true, ...(root === undefined ? {} : { ca: root }), ...client } };
  }
}

function certificates(
  parameters: URLSearchParams,
  readFile: (path: string) => string,
): { readonly root: string | undefined; readonly client: ConnectionOptions } {
  const read = (name: string) => {
    const path = parameters.get(name);
    return path === null || path === '' || path === 'system' ? undefined : readFile(path);
  };
  const key = read('sslkey');
  const certificate = read('sslcert');
  const root = read('sslrootcert') ?? (key === undefined ? certificate : undefined);
  return { root, client: key === undefined || certificate === undefined ? {} : { key, cert: certificate } };
}
