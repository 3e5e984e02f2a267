/**
 * The source as validation compares it, by the present names of collections: a document of a former name belongs to the collection of the
 * present name where that has none with its `_id`. Which ones do is found here, without a look at how the load does it.
 */
import { type Catalog, presentNameOf, specOf } from '../catalog/index.ts';
import { Documents } from '../source/documents.ts';
import type { BatchLimits, CountApart, RawDocument, Source, SourceBatch, SourceCollection } from '../source/source.ts';
import { Malformed } from './bson/types.ts';
import { elements } from './bson/walk.ts';
import { missingSourceId, sourceIdOf } from './records/identity.ts';

/** What validation asks a source for. */
export type ProvedSource = Pick<Source, 'collections' | 'find' | 'countApart'> & {
  read(collection: string, position: null, limits: BatchLimits): AsyncIterable<SourceBatch>;
};

type Listed = Pick<Source, 'kind' | 'collections' | 'read' | 'find' | 'countApart'>;

/** Of a dump, whose whole file is read to find some ids in it, so many are looked for at once. */
const lookedForAtOnce = 200_000;

export function byPresentNames(whole: Source, catalog: Catalog): ProvedSource {
  const source = listedOnce(whole);
  return {
    collections: () => collectionsOf(source, catalog),
    read: (collection, _, limits) => read(source, catalog, collection, limits),
    find: (collection, sourceIds) => find(source, catalog, collection, sourceIds),
    countApart: (collection) => countApart(source, collection),
  };
}

/** A server counts the documents of every collection to list them, and here each question begins with the list. */
function listedOnce(source: Source): Listed {
  let listing: Promise<readonly SourceCollection[]> | null = null;
  return {
    kind: source.kind,
    collections: () => {
      listing ??= source.collections();
      return listing;
    },
    read: (...of) => source.read(...of),
    find: (...of) => source.find(...of),
    countApart: (collection) => source.countApart(collection),
  };
}

async function collectionsOf(source: Listed, catalog: Catalog): Promise<readonly SourceCollection[]> {
  const found = await source.collections();
  const names = new Set(found.map(({ name }) => name));
  const additional = found.flatMap((one) => {
    const name = one.type === 'collection' ? presentNameOf(catalog, one.name) : null;
    return name === null || names.has(name) ? [] : [{ ...one, name, uuid: null }];
  });
  return [...found, ...additional];
}

/** Null where the collection is none of a former name, or where a view has the present one. */
async function presentIn(source: Listed, catalog: Catalog, collection: string): Promise<string | null> {
  const present = presentNameOf(catalog, collection);
  if (present === null) return null;
  const isView = (await source.collections()).some(({ name, type }) => name === present && type !== 'collection');
  return isView ? null : present;
}

/** Of the names under which the source may have the collection, those that it has, the present one first. */
async function namesIn(source: Listed, catalog: Catalog, collection: string): Promise<readonly string[]> {
  const formerly = specOf(catalog, collection)?.formerly ?? [];
  if (formerly.length === 0) return [collection];
  const found = await source.collections();
  return [collection, ...formerly].filter((name) => found.some((one) => one.name === name && one.type === 'collection'));
}

async function* read(source: Listed, catalog: Catalog, collection: string, limits: BatchLimits): AsyncGenerator<SourceBatch> {
  const present = await presentIn(source, catalog, collection);
  const names = await namesIn(source, catalog, present ?? collection);
  if (present !== null) {
    const before = names.slice(0, names.indexOf(collection));
    for await (const [batch, known] of withKnown(source, before, collection, limits)) {
      yield { ...chosen(batch, (id) => id !== null && known.has(id)), damage: [] };
    }
    return;
  }
  for (const [index, name] of names.entries()) {
    if (name === collection) {
      yield* source.read(name, null, limits);
      continue;
    }
    for await (const [batch, known] of withKnown(source, names.slice(0, index), name, limits)) {
      yield { ...chosen(batch, (id) => id === null || !known.has(id)), formerName: name };
    }
  }
}

async function* find(
  source: Listed,
  catalog: Catalog,
  collection: string,
  sourceIds: ReadonlySet<string>,
): AsyncGenerator<RawDocument> {
  const present = await presentIn(source, catalog, collection);
  const names = await namesIn(source, catalog, present ?? collection);
  if (present !== null) {
    const known = await idsIn(source, names.slice(0, names.indexOf(collection)), sourceIds);
    yield* source.find(collection, known);
    return;
  }
  let wanted = sourceIds;
  for (const name of names) {
    const found = new Set<string>();
    for await (const document of source.find(name, wanted)) {
      const id = idOf(document);
      if (id !== null) found.add(id);
      yield document;
    }
    wanted = wanted.difference(found);
  }
}

/** A collection of the present name need not be there. */
async function countApart(source: Listed, collection: string): Promise<CountApart> {
  const isThere = (await source.collections()).some(({ name }) => name === collection);
  return isThere ? await source.countApart(collection) : { kind: 'documents', documents: 0 };
}

/** The batches of a collection, each with those of its ids that documents of `names` have. */
async function* withKnown(
  source: Listed,
  names: readonly string[],
  collection: string,
  limits: BatchLimits,
): AsyncGenerator<readonly [SourceBatch, ReadonlySet<string>]> {
  const isServer = source.kind === 'server';
  let known: ReadonlySet<string> = new Set();
  let documentsKnown = 0;
  for await (const batch of source.read(collection, null, limits)) {
    if (documentsKnown < batch.documents.length) {
      const wanted = new Set(idsOf(batch));
      documentsKnown = batch.documents.length;
      if (!isServer) {
        for await (const next of source.read(collection, batch.position, limits)) {
          for (const id of idsOf(next)) wanted.add(id);
          documentsKnown += next.documents.length;
          if (documentsKnown >= lookedForAtOnce) break;
        }
      }
      known = await idsIn(source, names, wanted);
    }
    documentsKnown -= batch.documents.length;
    yield [batch, known];
  }
}

const idsOf = ({ documents }: SourceBatch): readonly string[] => [...documents].map(idOf).filter((id) => id !== null);

async function idsIn(source: Listed, names: readonly string[], sourceIds: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of names) {
    for await (const document of source.find(name, sourceIds)) {
      const id = idOf(document);
      if (id !== null) found.add(id);
    }
  }
  return found;
}

function chosen(batch: SourceBatch, isChosen: (id: string | null) => boolean): SourceBatch {
  const places: number[] = [];
  const documents: RawDocument[] = [];
  let index = 0;
  for (const document of batch.documents) {
    if (isChosen(idOf(document))) {
      places.push(index);
      documents.push(document);
    }
    index += 1;
  }
  return { ...batch, documents: Documents.of(documents), place: (at) => batch.place(places[at] ?? 0) };
}

/** Null of a document that cannot be walked. */
function idOf(document: RawDocument): string | null {
  const bytes = Buffer.from(document.buffer, document.byteOffset, document.byteLength);
  try {
    let id = missingSourceId;
    for (const element of elements(bytes, 0, bytes.length)) {
      const name = bytes.toString('latin1', element.nameStart, element.nameEnd);
      if (name === '_id') id = sourceIdOf(element);
    }
    return id;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
