/**
 * SASLprep (RFC 4013) of a password for SCRAM, as PostgreSQL's server and libpq do it (src/common/saslprep.c there): a password that the
 * profile prohibits is used as it is. postgres.js 3.4.9 sends every password as it is.
 */

/** RFC 3454 table C.1.2, each a space here. */
const otherSpaces = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** RFC 3454 table B.1: nothing. One alternative each, since a class of joining characters reads as one of sequences. */
const nothing = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;
/** RFC 3454 tables C.2 to C.9. */
const prohibited =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\ufffd\u2ff0-\u2ffb\u200e\u200f\u202a-\u202e\u{e0001}\u{e0020}-\u{e007f}\u{1d173}-\u{1d17a}]|\u0340|\u0341/u;
/** RFC 3454 table A.1, unassigned in Unicode 3.2, as far as a password is likely to have it: what is newer outside of the first plane. */
const unassigned = /\p{Cn}|[\u{10000}-\u{102ff}\u{10450}-\u{1cfff}\u{1d800}-\u{1ffff}\u{2b740}-\u{2f7ff}]/u;
/** RFC 3454 tables D.1 and D.2. */
const rightToLeft = /[\u05be-\u05f4\u061b-\u064a\u066d-\u0710\u0712-\u07b1\ufb1d-\ufdfc\ufe70-\ufefc]/u;
const leftToRight = /(?![\u0590-\u07ff\ufb1d-\ufdff\ufe70-\ufefc])\p{L}/u;

export function saslPrep(password: string): string {
  if (/^[\0-\x7f]*$/.test(password)) return password;
  const mapped = password.replace(otherSpaces, ' ').replace(nothing, '');
  if (mapped === '' || prohibited.test(mapped) || unassigned.test(mapped) || isMixed(mapped)) return password;
  return mapped.normalize('NFKC');
}

/** RFC 3454, section 6. */
function isMixed(text: string): boolean {
  if (!rightToLeft.test(text)) return false;
  const characters = [...text];
  return leftToRight.test(text) || ![characters[0], characters.at(-1)].every((end) => end !== undefined && rightToLeft.test(end));
}
