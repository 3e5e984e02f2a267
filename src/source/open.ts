/** The source that MONGODB_URL names, opened: a server or a dump folder. */
import { settingsFailure } from '../config/problem.ts';
import { parseSourceUrl, type SourceUrl } from '../config/source-url.ts';
import { exitCodes, Failure } from '../failure.ts';
import { openDump } from './dump.ts';
import type { Source, SourceCollection } from './source.ts';

export interface OpenOptions {
  /** Aborting it ends whatever is under way with the signal's reason. */
  readonly signal: AbortSignal;
}

/** Throws a `Failure` where the source cannot be reached or read. The caller closes the source. */
export async function openSource(url: SourceUrl | string, { signal }: OpenOptions): Promise<Source> {
  signal.throwIfAborted();
  const source = typeof url === 'string' ? parsed(url) : url;
  if (source.kind === 'dump') return await openDump(source.folder, signal);
  // Only here: the driver takes a good part of the memory that a migration may have, and a dump needs none of it.
  const { openServer } = await import('./server.ts');
  return await openServer(source, signal);
}

function parsed(url: string): SourceUrl {
  const result = parseSourceUrl(url, process.cwd());
  if ('problem' in result) throw settingsFailure([result.problem]);
  return result.value;
}

/** A source without any of the collections that are looked for is probably the wrong one. */
export function requireKnownCollection(
  source: Source,
  collections: readonly SourceCollection[],
  known: ReadonlySet<string>,
): void {
  if (collections.some(({ name, type }) => type === 'collection' && known.has(name))) return;
  const names = collections.filter(({ type }) => type === 'collection').map(({ name }) => name);
  const found = names.length === 0 ? 'it is empty' : `it holds ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
  throw new Failure({
    code: 'SOURCE_NOT_NEXTCRM',
    exit: exitCodes.usage,
    what: `The database ${source.database} (${source.description}) has no collection of NextCRM: ${found}.`,
    next: "See that MONGODB_URL names NextCRM's own database: the one in the DATABASE_URL of the NextCRM that ran on MongoDB.",
  });
}
