/** The corrections of documents that are loaded again, each known by the document that it was written for. */
import { hash } from 'node:crypto';
import { bufferOf } from '../bson/bytes.ts';
import { sourceIdOf } from '../bson/source-id.ts';
import type { CollectionSpec } from '../catalog/spec.ts';
import { applyCorrection, type CorrectedField, parseCorrection } from './correction.ts';

export interface CorrectionText {
  readonly sourceId: string;
  /** SHA-256 of the document's bytes, in hex. */
  readonly digest: string;
  readonly text: string;
}

/** What a rejected document keeps of its correction. */
export interface Tried {
  readonly text: string;
  /** Why the document is rejected all the same. */
  readonly reason: string;
}

export type Corrected = Tried & {
  /** Null where the patch cannot be applied. */
  readonly result: { readonly bytes: Buffer; readonly fields: readonly CorrectedField[] } | null;
};

export class Corrections {
  readonly #spec: CollectionSpec;
  readonly #bySourceId: ReadonlyMap<string, readonly CorrectionText[]>;
  readonly #isOneDocumentAnId: boolean;
  /** Documents that a patch was applied to, by the digest of their bytes. */
  readonly #applied = new Map<string, CorrectionText>();

  /** `isOneDocumentAnId`: no two documents have one `_id`, so that a document which has changed since is known by it. */
  constructor(spec: CollectionSpec, texts: readonly CorrectionText[], isOneDocumentAnId: boolean) {
    this.#spec = spec;
    this.#bySourceId = Map.groupBy(texts, ({ sourceId }) => sourceId);
    this.#isOneDocumentAnId = isOneDocumentAnId;
  }

  /** Those that were applied, with the digests of the documents as they are now. */
  get applied(): readonly CorrectionText[] {
    return [...this.#applied.values()];
  }

  /** Throws MalformedBson. */
  of(document: Buffer): Corrected | null {
    const found = this.#find(document);
    if (found === null) return null;
    const parsed = parseCorrection(found.text, this.#spec);
    if ('problem' in parsed) return { text: found.text, result: null, reason: `${parsed.problem} It was not applied.` };
    this.#applied.set(found.digest, found);
    return { text: found.text, result: applyCorrection(document, parsed.patch), reason: stillRejected };
  }

  /** Of a document that is rejected after its conversion. Throws MalformedBson. */
  tried(document: Uint8Array): Tried | null {
    const found = this.#find(bufferOf(document));
    if (found === null) return null;
    const parsed = parseCorrection(found.text, this.#spec);
    return { text: found.text, reason: 'problem' in parsed ? `${parsed.problem} It was not applied.` : stillRejected };
  }

  /** With the digest of the document as it is now. */
  #find(document: Buffer): CorrectionText | null {
    const sourceId = sourceIdOf(document);
    const texts = this.#bySourceId.get(sourceId) ?? [];
    if (texts.length === 0) return null;
    const digest = hash('sha256', document, 'hex');
    const found = texts.find((one) => one.digest === digest) ?? (this.#isOneDocumentAnId ? texts.at(-1) : undefined);
    return found === undefined ? null : { sourceId, digest, text: found.text };
  }
}

const stillRejected = 'The correction was applied, and the document is rejected all the same.';
