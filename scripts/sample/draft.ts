/** The document being written, and what its builder can ask for: references, links, times, and values that may lack. */
import type { ObjectId } from 'bson';
import { type Dataset, lastSecond } from './dataset.ts';
import { Random } from './random.ts';
import { type Language, languageOf } from './texts.ts';

/** A document before it becomes BSON: `undefined` is a field that it lacks. */
export interface Fields {
  [field: string]: unknown;
}

export type Builder = (draft: Draft) => Fields;

/** The share of the documents, the oldest, that an earlier release wrote with Mongoose. */
const mongooseShare = 0.4;

/** One object serves a whole collection. */
export class Draft {
  readonly dataset: Dataset;
  readonly collection: string;
  readonly random = new Random();
  readonly count: number;
  index = 0;
  id: ObjectId;
  created = new Date(0);
  updated = new Date(0);
  language: Language = 'en';
  /** Written by Mongoose: `__v` last, and a field without a value is missing, never null. */
  mongoose = false;

  constructor(dataset: Dataset, collection: string) {
    this.dataset = dataset;
    this.collection = collection;
    this.count = dataset.count(collection);
    this.id = dataset.id(collection, 0);
  }

  moveTo(index: number): void {
    const { dataset, collection, random } = this;
    random.restart(dataset.seed, dataset.stream(collection), index);
    this.index = index;
    this.id = dataset.id(collection, index);
    const second = dataset.second(collection, index);
    this.created = new Date(second * 1000 + random.below(1000));
    this.updated = this.later(this.created);
    this.language = languageOf(random);
    this.mongoose = index < this.count * mongooseShare;
  }

  /** A time between `start` and the day of the dump. */
  later(start: Date): Date {
    const left = Math.max(1, lastSecond - Math.floor(start.getTime() / 1000));
    return new Date(start.getTime() + this.random.below(left) * 1000 + this.random.below(1000));
  }

  /** A time `days` (at most) after `start`, as people plan ahead. */
  within(days: number, start: Date = this.created): Date {
    return new Date(start.getTime() + this.random.between(1, days) * 86_400_000);
  }

  /** The value for a share `fill` of the documents; the others lack it, or hold null. */
  some<T>(fill: number, make: () => T): T | null | undefined {
    return this.random.chance(fill) ? make() : this.nothing();
  }

  nothing(): null | undefined {
    return !this.mongoose && this.random.chance(0.5) ? null : undefined;
  }

  /** The id of some document of `collection`, where it has any. */
  ref(collection: string, fill = 1): ObjectId | null | undefined {
    const count = this.dataset.count(collection);
    if (count === 0 || !this.random.chance(fill)) return this.nothing();
    return this.dataset.id(collection, this.random.below(count));
  }

  /** One of the people who work with the app, not one of its thousands of visitors. */
  staff(fill = 1): ObjectId | null | undefined {
    const count = Math.min(60, this.dataset.count('Users'));
    if (count === 0 || !this.random.chance(fill)) return this.nothing();
    return this.dataset.id('Users', this.random.below(count));
  }

  /** The ids of a link array: missing rather than empty in most documents that have no links. */
  links(array: string): ObjectId[] | undefined {
    const { partner, partners } = this.dataset.links(this.collection, array);
    const indexes = partners(this.index);
    if (indexes.length === 0 && this.random.chance(0.6)) return undefined;
    return indexes.map((index) => this.dataset.id(partner, index));
  }
}
