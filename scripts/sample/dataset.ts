/** Which documents exist, the id of each, and how they are linked: all of it computed, none of it kept. */
import { ObjectId } from 'bson';
import { type LinkSide, linkSide } from './links.ts';
import { isFilledOnce, type Plan } from './plan.ts';
import { hashOfName, hashOfNumbers } from './random.ts';

/** The app's first document, and the day of the dump, in seconds since 1970. */
const firstSecond = Date.UTC(2019, 2, 1) / 1000;
export const lastSecond = Date.UTC(2025, 5, 30) / 1000;

export class Dataset {
  readonly seed: number;
  readonly plan: Plan;
  readonly #streams = new Map<string, number>();
  readonly #links = new Map<string, LinkSide>();

  constructor(seed: number, plan: Plan) {
    this.seed = seed;
    this.plan = plan;
  }

  count(collection: string): number {
    return this.plan.counts.get(collection) ?? 0;
  }

  /** The id of any document, computed: nothing is kept. Ascending with the index. */
  id(collection: string, index: number): ObjectId {
    const bytes = new Uint8Array(12);
    const second = this.second(collection, index);
    bytes[0] = second >>> 24;
    bytes[1] = second >>> 16;
    bytes[2] = second >>> 8;
    bytes[3] = second;
    // Five bytes of a process that restarts about every 97 days, then its counter.
    const process = Math.floor(second / 8_388_608);
    const machine = hashOfNumbers(this.seed, process);
    bytes[4] = machine >>> 24;
    bytes[5] = machine >>> 16;
    bytes[6] = machine >>> 8;
    bytes[7] = machine;
    bytes[8] = hashOfNumbers(process, this.seed);
    const counter = (this.stream(collection) & 0xfffff) + index;
    bytes[9] = counter >>> 16;
    bytes[10] = counter >>> 8;
    bytes[11] = counter;
    return new ObjectId(bytes);
  }

  /** When a document was made, in seconds since 1970. */
  second(collection: string, index: number): number {
    if (isFilledOnce(collection)) return firstSecond + (this.stream(collection) % 3600) + index;
    const within = hashOfNumbers(this.seed, this.stream(collection), index) / 4_294_967_296;
    return firstSecond + Math.floor(((index + within) / this.count(collection)) * (lastSecond - firstSecond));
  }

  stream(collection: string): number {
    let stream = this.#streams.get(collection);
    if (stream === undefined) {
      stream = hashOfName(collection);
      this.#streams.set(collection, stream);
    }
    return stream;
  }

  links(collection: string, array: string): LinkSide {
    const name = `${collection}.${array}`;
    let side = this.#links.get(name);
    if (side === undefined) {
      side = linkSide(this.seed, this.plan.counts, collection, array);
      this.#links.set(name, side);
    }
    return side;
  }
}
