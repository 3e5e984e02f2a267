/** What a failure says of files that were not read. */
import type { UnreadEntry } from './source.ts';

const namedMax = 5;

/** A sentence behind another one; empty where there are none. */
export function unreadHint(unread: readonly UnreadEntry[]): string {
  if (unread.length === 0) return '';
  const named = unread.slice(0, namedMax).map(({ file, what }) => `${file} (${what})`);
  const more = unread.length > namedMax ? ` and ${unread.length - namedMax} more` : '';
  return ` Not read: ${named.join(', ')}${more}.`;
}
