/** Fields under a name of an older release: which of the document under way take the place of the present name. */
import { isNullish, type RawValue } from '../bson/element-type.ts';
import type { CollectionSpec } from '../catalog/spec.ts';
import type { DocumentScope } from './document-scope.ts';
import { stageLinks } from './links.ts';
import type { PlacedFields } from './placed-fields.ts';

interface FormerName {
  /** Numbers of known fields. */
  readonly present: number;
  readonly former: number;
  readonly presentName: Buffer;
  readonly formerName: string;
  /** A link array keeps its own elements beside those of the former field. */
  readonly isLink: boolean;
}

export class FormerNames {
  /** The names, which are numbered behind the columns and links. */
  readonly names: readonly Buffer[];
  readonly #all: readonly FormerName[];
  /** Those that the document under way has, to be recorded once it has its identity. */
  readonly #taken: FormerName[] = [];
  readonly #linked: { readonly name: FormerName; readonly value: RawValue }[] = [];

  constructor({ columns, links }: CollectionSpec) {
    const first = Object.keys(columns).length + Object.keys(links).length;
    const fields = [
      ...Object.entries(columns).map(([name, { formerly }]) => ({ name, formerly, isLink: false })),
      ...Object.entries(links).map(([name, { formerly }]) => ({ name, formerly, isLink: true })),
    ];
    const all = fields.flatMap(({ name, formerly = [], isLink }, present) =>
      formerly.map((formerName) => ({ present, presentName: Buffer.from(name), formerName, isLink })),
    );
    this.#all = all.map((one, index) => ({ ...one, former: first + index }));
    this.names = this.#all.map(({ formerName }) => Buffer.from(formerName));
  }

  /** Moves the values of former names to where the present names have none; the others have no place. */
  take(placed: PlacedFields): void {
    this.#taken.length = 0;
    this.#linked.length = 0;
    const { types, offsets, lengths } = placed;
    for (const name of this.#all) {
      const { former, present } = name;
      const type = types[former] as number;
      if (type === 0) continue;
      const isFree = name.isLink || isNullish(types[present] as number) || types[present] === 0;
      if (isNullish(type) || !isFree) {
        placed.strayFrom(former);
        continue;
      }
      this.#taken.push(name);
      if (name.isLink) {
        this.#linked.push({ name, value: { type, offset: offsets[former] as number, length: lengths[former] as number } });
        continue;
      }
      types[present] = type;
      offsets[present] = offsets[former] as number;
      lengths[present] = lengths[former] as number;
    }
  }

  /** To be called once the document has its identity. */
  record(document: DocumentScope): void {
    for (const { presentName, formerName } of this.#taken) document.renamed(presentName, formerName);
    for (const { name, value } of this.#linked) stageLinks(document, name.presentName, value.type, value.offset, value.length);
  }
}
