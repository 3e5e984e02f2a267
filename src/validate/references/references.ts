/**
 * Layer "references": what the records layer found to depend on other documents is looked up in the target, in batches.
 * A reference that was given up must dangle in the source already, or its document must be among the rejected ones.
 */
import { stateSchema } from '../../schema-name.ts';
import { readTuples } from '../../target/copy-reader.ts';
import type { Context } from '../context.ts';
import { findInSource } from '../records/find-in-source.ts';
import type { UuidHex } from '../records/identity.ts';
import type { Condition } from '../rules/rule.ts';
import { arrayLiteral } from '../target-reader.ts';

/** The field that a condition comes from. */
export interface Referrer {
  readonly collection: string;
  readonly field: string;
  readonly sourceId: string;
}

interface Pending {
  readonly condition: Condition;
  readonly referrer: Referrer;
}

/** How many conditions, and how many dangling references, are held in memory. */
const pendingMax = 10_000;
const danglingMax = 50_000;

export interface DanglingCounts {
  /** The source has no such document. */
  readonly inSource: number;
  /** The document is among the rejected ones. */
  readonly toRejected: number;
}

export class References {
  readonly #context: Context;
  /** Sets of ids of documents that have a row are asked for here; null: of any collection. */
  #pending: Pending[] = [];
  /** By partner collection and source id of the document that has no row. */
  #dangling = new Map<string, Map<string, Referrer[]>>();
  #danglingCount = 0;
  compared = 0;
  inSource = 0;
  toRejected = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The target does not hold the edge of the source, nor a record of why not. */
  lost({ collection, field, sourceId }: Referrer, { modified = false } = {}): void {
    this.#context.findings.add('references', 'REFERENCE_LOST', { collection, field, sourceId, modified });
  }

  add(condition: Condition, referrer: Referrer): void {
    this.#pending.push({ condition, referrer });
  }

  /** To be called between batches. */
  async settle(): Promise<void> {
    if (this.#pending.length >= pendingMax) await this.#lookUp();
    if (this.#danglingCount >= danglingMax) await this.#classify();
  }

  async finish(): Promise<DanglingCounts> {
    await this.#lookUp();
    await this.#classify();
    return { inSource: this.inSource, toRejected: this.toRejected };
  }

  async #lookUp(): Promise<void> {
    const all = this.#pending;
    this.#pending = [];
    await this.#checkMerged(all.filter(({ condition }) => isAboutMerging(condition)));
    const pending = all.filter(({ condition }) => !isAboutMerging(condition));
    const existing = await this.#existing(pending);
    const exists = (partners: readonly string[] | null, id: UuidHex) =>
      (partners ?? [anyCollection]).some((partner) => existing.get(partner)?.has(id) === true);
    const toRejected = await this.#namingRejected(
      pending.filter(({ condition: { partners, id, exists: wanted } }) => wanted && partners === null && !exists(null, id)),
    );
    for (const { condition, referrer } of pending) {
      const { partners, id, unless, isNoReference } = condition;
      if (unless !== undefined && exists(partners, unless)) continue;
      // A column without a foreign key keeps the id of a document that was rejected.
      if (exists(partners, id) !== condition.exists) {
        if (!condition.sourceIds.some((sourceId) => toRejected.has(sourceId))) this.lost(referrer);
      } else if (!condition.exists && unless === undefined && partners !== null && isNoReference !== true)
        this.#addDangling(partners, condition.sourceIds, referrer);
    }
  }

  /** A reference to a document that was merged into another names that other, and only such a one does. */
  async #checkMerged(pending: readonly Pending[]): Promise<void> {
    const wanted = new Map<string, Set<string>>();
    for (const { condition } of pending) {
      for (const partner of condition.partners ?? []) {
        const ids = wanted.get(partner) ?? new Set();
        wanted.set(partner, ids);
        for (const sourceId of condition.sourceIds) ids.add(sourceId);
      }
    }
    const survivors = new Map<string, ReadonlyMap<string, UuidHex>>();
    for (const [partner, ids] of wanted) survivors.set(partner, await this.#context.merges.survivorsOf(partner, ids));
    for (const { condition, referrer } of pending) {
      const { partners, sourceIds, merged } = condition;
      const into = (partners ?? []).flatMap((partner) => sourceIds.map((sourceId) => survivors.get(partner)?.get(sourceId)));
      const isRight = merged === undefined ? into.every((id) => id === undefined) : into.includes(merged);
      if (!isRight) this.lost(referrer);
    }
  }

  /** The source ids among those of `missing` under which a document of any collection was rejected. */
  async #namingRejected(missing: readonly Pending[]): Promise<Set<string>> {
    if (missing.length === 0) return new Set();
    const sourceIds = [...new Set(missing.flatMap(({ condition }) => condition.sourceIds))];
    const rows = await this.#context.target.query(
      `select distinct r.source_id from (select distinct id from unnest($1::text::text[]) id) wanted
       join ${stateSchema}.reject r on r.source_id = wanted.id`,
      [arrayLiteral(sourceIds)],
    );
    return new Set(rows.map((row) => String(row['source_id'])));
  }

  /** Of all ids that the conditions name, those that have a row, by collection. */
  async #existing(pending: readonly Pending[]): Promise<Map<string, Set<UuidHex>>> {
    const wanted = new Map<string, Set<UuidHex>>();
    for (const { condition } of pending) {
      for (const partner of condition.partners ?? [anyCollection]) {
        const ids = wanted.get(partner) ?? new Set();
        ids.add(condition.id);
        if (condition.unless !== undefined) ids.add(condition.unless);
        wanted.set(partner, ids);
      }
    }
    const existing = new Map<string, Set<UuidHex>>();
    for (const [partner, ids] of wanted) {
      const table = partner === anyCollection ? `${stateSchema}.id_map` : this.#context.relations(partner);
      const found = new Set<UuidHex>();
      const text = `select t.id from ${table} t where t.id = any('{${[...ids].join(',')}}'::uuid[])`;
      for await (const tuple of readTuples(this.#context.target.copyOut(text))) found.add(tuple.hex(0));
      existing.set(partner, found);
    }
    return existing;
  }

  #addDangling(partners: readonly string[], sourceIds: readonly string[], referrer: Referrer): void {
    // One object a reference: an array names its field for each of its elements.
    const reference = { ...referrer };
    for (const partner of partners) {
      const byId = this.#dangling.get(partner) ?? new Map<string, Referrer[]>();
      this.#dangling.set(partner, byId);
      for (const sourceId of sourceIds) {
        const referrers = byId.get(sourceId);
        if (referrers === undefined) byId.set(sourceId, [reference]);
        else referrers.push(reference);
      }
    }
    this.inSource += 1;
    this.#danglingCount += 1;
  }

  /** A document that the source has must have a row or a record of its rejection. */
  async #classify(): Promise<void> {
    const dangling = this.#dangling;
    this.#dangling = new Map();
    this.#danglingCount = 0;
    /** Of the references to documents that the source has: whether one of these was not rejected, and should have a row. */
    const introduced = new Map<Referrer, boolean>();
    for (const [partner, byId] of dangling) {
      const found = await findInSource(this.#context, partner, new Set(byId.keys()));
      const rejected = await this.#rejected(partner, [...found]);
      for (const sourceId of found) {
        for (const referrer of byId.get(sourceId) ?? [])
          introduced.set(referrer, introduced.get(referrer) === true || !rejected.has(sourceId));
      }
    }
    for (const [{ collection, field, sourceId }, isIntroduced] of introduced) {
      this.inSource -= 1;
      if (!isIntroduced) this.toRejected += 1;
      else this.#context.findings.add('references', 'REFERENCE_INTRODUCED', { collection, field, sourceId });
    }
  }

  async #rejected(collection: string, sourceIds: readonly string[]): Promise<Set<string>> {
    if ((this.#context.ledgerCounts.reject.get(collection) ?? 0) === 0 || sourceIds.length === 0) return new Set();
    const rows = await this.#context.target.query(
      `select source_id from ${stateSchema}.reject where collection = $1 and source_id in (select unnest($2::text::text[]))`,
      [collection, arrayLiteral(sourceIds)],
    );
    const rejected = new Set(rows.map((row) => String(row['source_id'])));
    // A reference to a document that was merged into another has no reason to dangle.
    for (const sourceId of (await this.#context.merges.survivorsOf(collection, rejected)).keys()) rejected.delete(sourceId);
    return rejected;
  }
}

function isAboutMerging({ merged, unmerged }: Condition): boolean {
  return merged !== undefined || unmerged === true;
}

/** Stands for "whatever collection": no collection has an empty name. */
const anyCollection = '';
