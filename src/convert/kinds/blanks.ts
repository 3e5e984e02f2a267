/** Blanks around a text that stands for a number or a boolean. */

/** Space, tab, line breaks, and the spaces that people and programs put into amounts (no-break U+00A0, narrow no-break U+202F). */
const blanks: ReadonlySet<string> = new Set([' ', '\t', '\r', '\n', '\u00a0', '\u202f']);

/** The text of a BSON string without the blanks around it. By steps: a pattern would take quadratic time on megabytes of blanks. */
export function trimmedText(bytes: Buffer, offset: number, length: number): string {
  const text = bytes.toString('utf8', offset + 4, offset + length - 1);
  let start = 0;
  let end = text.length;
  while (start < end && blanks.has(text.charAt(start))) start++;
  while (end > start && blanks.has(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
