/** git in the checkout. */
import { execFileSync } from 'node:child_process';

export const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** The URL of the remote `origin`; the empty text where there is none. */
export function remote(): string {
  try {
    return git('remote', 'get-url', 'origin');
  } catch {
    return '';
  }
}
