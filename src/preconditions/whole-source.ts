/** Is all of NextCRM in what is read? Before the first write, and again by `verify`: what may be missing is a finding or a note. */
import { exitCodes, Failure } from '../failure.ts';
import type { CheckCode, NoteCode } from '../findings/codes.ts';
import { type Finding, sourceIdsMax } from '../findings/finding.ts';
import { idsHash } from '../findings/ids-hash.ts';
import type { Source, SourceCollection, UnreadEntry } from '../source/source.ts';
import { unreadHint } from '../source/unread-hint.ts';
import { collectionInName, similarName } from './similar-names.ts';

export interface SourceNote {
  readonly code: NoteCode;
  readonly place: string;
}

export interface WholeSource {
  readonly findings: readonly Finding[];
  readonly notes: readonly SourceNote[];
}

const startOver = 'Then start over with an empty target database and an empty volume.';

/** `known`: the collections that have a table. */
export async function lookForTheRest(source: Source, known: ReadonlySet<string>): Promise<WholeSource> {
  const collections = await source.collections();
  const names = new Set(collections.map(({ name }) => name));
  const unread = source.unread.map((entry) => ({ entry, collection: collectionInName(entry.name, known) }));
  const mayBeOurs = unread.filter(
    ({ entry, collection }) =>
      entry.mayContain === 'any collection' || (entry.mayContain === 'the collection of its name' && collection !== null),
  );
  const others = unread.filter((one) => !mayBeOurs.includes(one));
  const byCollection = Map.groupBy(mayBeOurs, ({ collection }) => collection);
  return {
    findings: [
      ...[...byCollection].map(([collection, of]) =>
        unreadFinding(
          collection,
          of.map(({ entry }) => entry),
        ),
      ),
      ...collections.flatMap((found) => viewFinding(found, names, known)),
      ...(await similarFindings(source, collections, known)),
    ],
    notes: others.map(({ entry }) => ({ code: 'FILE_NOT_READ', place: `${entry.file} (${entry.what})` })),
  };
}

/** @throws Failure where there is not a single document to migrate. */
export async function requireDocuments(source: Source, collections: readonly SourceCollection[]): Promise<void> {
  const copied = collections.filter(({ type }) => type === 'collection');
  for (const { name } of copied) if (!(await source.isEmpty(name))) return;
  throw new Failure({
    code: 'SOURCE_EMPTY',
    exit: exitCodes.source,
    what: `The database ${source.database} (${source.description}) contains no document${copied.length === 0 ? '' : `: its ${copied.length} collections are empty`}.${unreadHint(source.unread)}`,
    next: `Check that MONGODB_URL names NextCRM's own database${source.kind === 'dump' ? ', and that the dump is complete' : ' and that its user may read the collections'}. A new NextCRM without data needs no migration.`,
  });
}

/** A source without any of the collections that are looked for is probably the wrong one. */
export function requireKnownCollection(
  source: Source,
  collections: readonly SourceCollection[],
  known: ReadonlySet<string>,
): void {
  if (collections.some(({ name, type }) => type !== 'system' && known.has(name))) return;
  const names = collections.filter(({ type }) => type === 'collection').map(({ name }) => name);
  const found = `it contains ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
  const [similar] = names.flatMap((name) => {
    const meant = similarName(name, known, source.database);
    return meant === null ? [] : [{ name, meant }];
  });
  throw new Failure({
    code: 'SOURCE_NOT_NEXTCRM',
    exit: exitCodes.usage,
    what: `The database ${source.database} (${source.description}) contains no NextCRM collection: ${found}.${unreadHint(source.unread)}`,
    next:
      similar === undefined
        ? "Set MONGODB_URL to NextCRM's own database: the one in the DATABASE_URL of the NextCRM release that ran on MongoDB."
        : `The name of a collection is case-sensitive. ${renameCommand(source, similar.name, similar.meant)}`,
  });
}

function unreadFinding(collection: string | null, entries: readonly UnreadEntry[]): Finding {
  const named = entries.slice(0, 3).map(({ file, what }) => `${file} is ${what}`);
  const more = entries.length - named.length;
  const actions = [...new Set(entries.slice(0, 3).map(({ next }) => next))];
  const files = entries.map(({ file }) => file);
  return finding('SOURCE_FILE_UNREAD', collection, files, {
    what: `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}: not read, so that documents${collection === null ? '' : ` of ${collection}`} may be missing.`,
    next: `${actions.join(' ')} ${startOver}`,
  });
}

/** Of a time series the entry of its own name, if there is one, and else that of its buckets. */
function viewFinding(
  { name, type }: SourceCollection,
  names: ReadonlySet<string>,
  known: ReadonlySet<string>,
): readonly Finding[] {
  if (type === 'collection') return [];
  const series = /^system\.buckets\.(?<series>.+)$/s.exec(name)?.groups?.['series'];
  const collection = series === undefined || names.has(series) ? name : series;
  if (!known.has(collection)) return [];
  return [
    finding('VIEW_NOT_COPIED', collection, [name], {
      what: `${name} is a view or a time series, not a collection: none of its documents was loaded.`,
      next: `Copy its documents into a collection of that name (in mongosh: db.getCollection(${JSON.stringify(collection)}).aggregate([{ $out: "copy" }]), then drop the view and rename the copy). ${startOver}`,
    }),
  ];
}

async function similarFindings(
  source: Source,
  collections: readonly SourceCollection[],
  known: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, type } of collections) {
    const meant = type === 'collection' && !known.has(name) ? similarName(name, known, source.database) : null;
    if (meant === null || (await source.isEmpty(name))) continue;
    findings.push(
      finding('COLLECTION_NAME_SIMILAR', name, [name], {
        what: `The name of the collection ${name} resembles that of NextCRM's ${meant}: its documents are preserved as not a NextCRM collection, and are in no table.`,
        next: `If they belong to ${meant}: ${renameCommand(source, name, meant)} ${startOver}`,
      }),
    );
  }
  return findings;
}

function renameCommand(source: Source, name: string, meant: string): string {
  return source.kind === 'dump'
    ? `Rename the files of ${name} to ${meant}.bson (mv) and ${meant}.metadata.json, and correct collectionName in the latter.`
    : `Rename the collection, in mongosh: db.getCollection(${JSON.stringify(name)}).renameCollection(${JSON.stringify(meant)}).`;
}

function finding(
  code: CheckCode,
  collection: string | null,
  places: readonly string[],
  words: Pick<Finding, 'what' | 'next'>,
): Finding {
  const sourceIds = places.slice(0, sourceIdsMax);
  return { code, layer: 'load', collection, field: null, count: places.length, sourceIds, idsHash: idsHash(places), ...words };
}
