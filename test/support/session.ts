/** A session of the program's own on a test database. */
import { parseTargetUrl, type TargetUrl } from '../../src/config/target-url.ts';
import { openSession, type Session } from '../../src/target/session.ts';

export function targetUrl(url: string): TargetUrl {
  const parsed = parseTargetUrl(url, process.cwd());
  if ('problem' in parsed) throw new Error(parsed.problem.what);
  return parsed.value;
}

export function testSession(url: string): Promise<Session> {
  return openSession(targetUrl(url), 'test');
}
