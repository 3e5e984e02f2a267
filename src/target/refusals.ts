/** Errors of connecting that neither the operating system nor the server has a code for; `errors.ts` words them. */

export type RefusalCode = 'NOT_POSTGRES' | 'TLS_NOT_OFFERED' | 'TLS_FAILED' | 'LOGIN_UNSUPPORTED';

export class ConnectRefusal extends Error {
  readonly code: RefusalCode;
  /** The method of authentication, or the code of the error under this one; nothing that could be a secret. */
  readonly detail: string;

  constructor(code: RefusalCode, detail = '', cause?: unknown) {
    super(code, { cause });
    this.name = 'ConnectRefusal';
    this.code = code;
    this.detail = detail;
  }
}

export const notPostgres = () => new ConnectRefusal('NOT_POSTGRES');
export const tlsNotOffered = () => new ConnectRefusal('TLS_NOT_OFFERED');
export const loginUnsupported = (method: string) => new ConnectRefusal('LOGIN_UNSUPPORTED', method);

/** A connection that is lost meanwhile is no fault of TLS. */
export function tlsFailed(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'TLS';
  return /^E(CONNRESET|PIPE|TIMEDOUT|CONNABORTED)$/.test(code) ? error : new ConnectRefusal('TLS_FAILED', code, error);
}
