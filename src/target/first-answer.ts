/** What stands behind the port, from the first bytes that answer a start-up message (PostgreSQL manual, "Message Formats"). */
import { loginUnsupported, notPostgres } from './refusals.ts';

export type FirstAnswer =
  /** `prepared`: the password goes through SCRAM, which wants SASLprep of it. */
  { readonly kind: 'login'; readonly prepared: boolean } | { readonly kind: 'refused'; readonly error: Error };

/** Codes of an authentication request that the driver can answer: no password, in clear text, MD5. */
const plain = [0, 3, 5];
const sasl = 10;
/** The others, as pg_hba.conf names them. */
const others: Readonly<Record<number, string>> = { 2: 'krb5', 6: 'scm', 7: 'gss', 8: 'gss', 9: 'sspi' };

/** An error, a notice and a negotiation of the protocol's version are for the driver. */
const forDriver = ['E', 'N', 'v'];

export function firstAnswer(bytes: Buffer): FirstAnswer {
  const type = bytes.toString('latin1', 0, 1);
  if (forDriver.includes(type) && bytes.length >= 5 && bytes.readUInt32BE(1) < 0x10000) return { kind: 'login', prepared: false };
  if (type !== 'R' || bytes.length < 9) return { kind: 'refused', error: notPostgres() };
  const code = bytes.readUInt32BE(5);
  if (code === sasl) return saslAnswer(bytes.toString('latin1', 9, 1 + bytes.readUInt32BE(1)));
  if (plain.includes(code)) return { kind: 'login', prepared: false };
  return { kind: 'refused', error: loginUnsupported(others[code] ?? `number ${code}`) };
}

/** The mechanisms that the server offers, each ended by a NUL character. */
function saslAnswer(list: string): FirstAnswer {
  const mechanisms = list.split('\0').filter((name) => /^[A-Z0-9-]{1,20}$/.test(name));
  if (mechanisms.includes('SCRAM-SHA-256')) return { kind: 'login', prepared: true };
  return { kind: 'refused', error: loginUnsupported(mechanisms.join(', ') || 'SASL') };
}
