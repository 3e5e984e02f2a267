/** The source that MONGODB_URL names, opened: a server or a dump folder. */
import { settingsFailure } from '../config/problem.ts';
import { parseSourceUrl, type SourceUrl } from '../config/source-url.ts';
import { openDump } from './dump.ts';
import type { OpenOptions, Source } from './source.ts';

/** Throws a `Failure` where the source cannot be reached or read. The caller closes the source. */
export async function openSource(url: SourceUrl | string, options: OpenOptions): Promise<Source> {
  const { signal } = options;
  signal.throwIfAborted();
  const source = typeof url === 'string' ? parsed(url) : url;
  if (source.kind === 'dump') return await openDump(source.folder, signal);
  // Only here: the driver takes a good part of the memory that a migration may have, and a dump needs none of it.
  const { openServer } = await import('./server.ts');
  return await openServer(source, options);
}

function parsed(url: string): SourceUrl {
  const result = parseSourceUrl(url, process.cwd());
  if ('problem' in result) throw settingsFailure([result.problem]);
  return result.value;
}
