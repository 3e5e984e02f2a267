/**
 * Collections that older releases named otherwise. Of these, what has an `_id` that the collection of the present name does not have is
 * read as part of that collection; the rest stays under its own name. Both are views of one collection of the source.
 */
import { MalformedBson } from '../bson/malformed-bson.ts';
import { sourceIdOf } from '../bson/source-id.ts';
import type { Catalog } from '../catalog/index.ts';
import { Documents } from './documents.ts';
import type { BatchLimits, RawDocument, Source, SourceBatch, SourceCollection } from './source.ts';

/** The source itself where it has no such collection. It stays the caller's to close. */
export async function withFormerNames(source: Source, { collections }: Catalog): Promise<Source> {
  const listed = await source.collections();
  const found = new Set(listed.flatMap(({ name, type }) => (type === 'collection' ? [name] : [])));
  const names = new Map<string, readonly string[]>();
  for (const { collection, formerly = [] } of collections) {
    const present = formerly.filter((name) => found.has(name));
    // A view of the present name stays what it is.
    if (present.length === 0 || (!found.has(collection) && listed.some(({ name }) => name === collection))) continue;
    names.set(collection, [...(found.has(collection) ? [collection] : []), ...present]);
  }
  return names.size === 0 ? source : new SourceByPresentNames(source, names);
}

/**
 * A dump answers which of some ids it has by a pass over the whole file: asked for each batch of 40,000 documents, that took five times as
 * long as for one of 10,000. So many ids are asked for at once; they take some 30 MB.
 */
const idsAheadMax = 200_000;
const aheadLimits: BatchLimits = { documentsMax: 10_000, bytesMax: 4 * 1024 * 1024 };

interface Compared {
  readonly batch: SourceBatch;
  readonly all: readonly RawDocument[];
  readonly ids: readonly (string | null)[];
  readonly found: ReadonlySet<string>;
}

/** How far the collection of a former name was read, for the collection of the present one. */
const positionIn = (name: string, position: string): string => `formerly ${JSON.stringify([name, position])}`;

class SourceByPresentNames implements Source {
  readonly #source: Source;
  /** By present name: the collections that feed it, its own first. */
  readonly #feeding: ReadonlyMap<string, readonly string[]>;
  /** By former name: the collections before it. */
  readonly #before = new Map<string, readonly string[]>();

  constructor(source: Source, feeding: ReadonlyMap<string, readonly string[]>) {
    this.#source = source;
    this.#feeding = feeding;
    for (const [present, names] of feeding)
      for (const [index, name] of names.entries()) if (name !== present) this.#before.set(name, names.slice(0, index));
  }

  get kind() {
    return this.#source.kind;
  }

  get database() {
    return this.#source.database;
  }

  get description() {
    return this.#source.description;
  }

  get version() {
    return this.#source.version;
  }

  get unread() {
    return this.#source.unread;
  }

  async collections(): Promise<readonly SourceCollection[]> {
    const found = await this.#source.collections();
    const fed = [...this.#feeding].flatMap(([name, names]): SourceCollection[] => {
      const parts = found.filter((one) => names.includes(one.name));
      const own = found.find((one) => one.name === name);
      const sum = (of: (one: SourceCollection) => number | null) =>
        parts.reduce((total: number | null, one) => addedUp(total, of(one)), 0);
      const uuid = own?.uuid ?? null;
      return [{ name, type: 'collection', uuid, documents: sum(({ documents }) => documents), bytes: sum(({ bytes }) => bytes) }];
    });
    const others = found.filter(({ name }) => !fed.some((one) => one.name === name));
    return [...others, ...fed].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async isEmpty(collection: string): Promise<boolean> {
    for (const name of this.#feeding.get(collection) ?? [collection]) if (!(await this.#source.isEmpty(name))) return false;
    return true;
  }

  async *read(collection: string, position: string | null, limits: BatchLimits): AsyncGenerator<SourceBatch> {
    const before = this.#before.get(collection);
    if (before !== undefined) return yield* this.#kept(collection, before, position, limits);
    const names = this.#feeding.get(collection);
    if (names === undefined) return yield* this.#source.read(collection, position, limits);
    const [from, within] = positionOf(position) ?? [collection, position];
    let bytesBefore = 0;
    for (const [index, name] of names.entries()) {
      if (index < names.indexOf(from)) continue;
      const start = name === from ? within : null;
      if (name === collection) {
        for await (const batch of this.#source.read(name, start, limits)) {
          bytesBefore = batch.bytesRead;
          yield batch;
        }
      } else yield* this.#taken(name, names.slice(0, index), start, limits, bytesBefore);
    }
  }

  async *find(collection: string, sourceIds: ReadonlySet<string>): AsyncGenerator<RawDocument> {
    const before = this.#before.get(collection);
    if (before !== undefined) {
      const taken = await this.#idsIn(before, sourceIds);
      return yield* this.#source.find(collection, taken);
    }
    const left = new Set(sourceIds);
    for (const name of this.#feeding.get(collection) ?? [collection]) {
      const found = new Set<string>();
      for await (const document of this.#source.find(name, left)) {
        found.add(sourceIdOf(document));
        yield document;
      }
      for (const sourceId of found) left.delete(sourceId);
    }
  }

  countApart(collection: string) {
    return this.#source.countApart(collection);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#source[Symbol.asyncDispose]();
  }

  /** Documents whose `_id` none of the collections before has. What is damaged is reported with them. */
  async *#taken(
    name: string,
    before: readonly string[],
    start: string | null,
    limits: BatchLimits,
    bytesBefore: number,
  ): AsyncGenerator<SourceBatch> {
    for await (const { batch, all, ids, found } of this.#compared(name, before, start, limits)) {
      const kept = all.flatMap((_, index) => (found.has(ids[index] ?? '') ? [] : [index]));
      if (kept.length === 0 && batch.damage.length === 0) continue;
      yield {
        ...partOf(batch, all, kept),
        formerName: name,
        position: positionIn(name, batch.position),
        bytesRead: bytesBefore + batch.bytesRead,
      };
    }
  }

  /** The other documents. */
  async *#kept(name: string, before: readonly string[], start: string | null, limits: BatchLimits): AsyncGenerator<SourceBatch> {
    for await (const { batch, all, ids, found } of this.#compared(name, before, start, limits)) {
      const kept = all.flatMap((_, index) => (found.has(ids[index] ?? '') ? [index] : []));
      if (kept.length > 0) yield { ...partOf(batch, all, kept), damage: [] };
    }
  }

  /** Each batch, with the ids of its documents, and those of them that documents of `before` have. */
  async *#compared(name: string, before: readonly string[], start: string | null, limits: BatchLimits): AsyncGenerator<Compared> {
    let from = start;
    let found: ReadonlySet<string> = new Set();
    /** Of how many documents from here on `found` tells. */
    let known = 0;
    for await (const batch of this.#source.read(name, start, limits)) {
      const all = [...batch.documents];
      const ids = all.map(idOf);
      if (known < all.length) {
        const ahead = this.kind === 'server' ? ids : await this.#idsFrom(name, from);
        found = await this.#idsIn(before, new Set([...ids, ...ahead].filter((id) => id !== null)));
        known = Math.max(all.length, ahead.length);
      }
      known -= all.length;
      from = batch.position;
      yield { batch, all, ids, found };
    }
  }

  /** Of the documents from here on, as many as one pass over another collection is worth. */
  async #idsFrom(name: string, position: string | null): Promise<readonly (string | null)[]> {
    const ids: (string | null)[] = [];
    for await (const { documents, release } of this.#source.read(name, position, aheadLimits)) {
      for (const document of documents) ids.push(idOf(document));
      release();
      if (ids.length >= idsAheadMax) break;
    }
    return ids;
  }

  async #idsIn(collections: readonly string[], sourceIds: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const name of collections)
      for await (const document of this.#source.find(name, sourceIds)) found.add(sourceIdOf(document));
    return found;
  }
}

function addedUp(total: number | null, more: number | null): number | null {
  return total === null || more === null ? null : total + more;
}

function positionOf(position: string | null): readonly [name: string, position: string] | null {
  if (position?.startsWith('formerly ') !== true) return null;
  return JSON.parse(position.slice('formerly '.length)) as [string, string];
}

/** Null of a document that cannot be walked: nothing else has its `_id`. */
function idOf(document: RawDocument): string | null {
  try {
    return sourceIdOf(document);
  } catch (error) {
    if (error instanceof MalformedBson) return null;
    throw error;
  }
}

/** The documents at `kept` of the batch that has `all`. */
function partOf(batch: SourceBatch, all: readonly RawDocument[], kept: readonly number[]): SourceBatch {
  return {
    ...batch,
    documents: Documents.of(kept.flatMap((index) => all[index] ?? [])),
    place: (index) => batch.place(kept[index] ?? 0),
  };
}
