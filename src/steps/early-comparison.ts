/**
 * The comparison of every document with its row, begun while keys and indexes are built: from then on no row changes, the server is busy
 * and this process is not. It reads by a session of its own, in one snapshot, and counts only where the tables still hold the same row
 * versions when it is asked for; else everything is compared again, as without it.
 */
import type { Catalog } from '../catalog/index.ts';
import type { TargetUrl } from '../config/target-url.ts';
import type { Progress } from '../progress/progress.ts';
import { Relay } from '../progress/relay.ts';
import { collectEarly } from '../source/garbage.ts';
import type { Source } from '../source/source.ts';
import { readProgress } from '../state/progress-rows.ts';
import type { Run } from '../state/run.ts';
import { connections } from '../target/preflight/server.ts';
import { openSession, type Session } from '../target/session.ts';
import { areSame, type RowVersions, readRowVersions } from '../validate/row-versions.ts';
import { type Compared, compare } from '../validate/validate.ts';

export interface EarlyComparisonJob {
  readonly catalog: Catalog;
  readonly source: Source;
  readonly target: TargetUrl;
  readonly run: Run;
  readonly signal: AbortSignal;
}

/** Below that there is nothing to gain: Prisma Client, which starts with the proof, takes longer than the comparison. */
const documentsMin = 50_000;

interface Ended {
  readonly compared: Compared;
  /** Of the snapshot in which it was compared. */
  readonly versions: RowVersions;
}

export class EarlyComparison implements AsyncDisposable {
  readonly #job: EarlyComparisonJob;
  readonly #documentsMin: number;
  readonly #stopped = new AbortController();
  readonly #relay = new Relay();
  #ended: Promise<Ended | null> | null = null;

  constructor(job: EarlyComparisonJob, limits = { documentsMin }) {
    this.#job = job;
    this.#documentsMin = limits.documentsMin;
  }

  /** To be called when no row will change any more, beside the step that this progress is of. */
  async begin(session: Session, progress: Progress): Promise<void> {
    const documents = (await readProgress(session)).reduce((sum, { read }) => sum + read, 0);
    if (documents < this.#documentsMin || this.#ended !== null) return;
    this.#relay.beside(progress);
    // Whatever goes wrong in it, a lost connection or a source that cannot be read, goes wrong in the step "validate" again, and is told there.
    this.#ended = this.#compare().catch(() => null);
  }

  /** Null where it was not begun, or failed, or where a row has changed since: then everything is still to be compared. */
  async result(session: Session, progress: Progress): Promise<Compared | null> {
    if (this.#ended === null) return null;
    this.#relay.moveTo(progress);
    const ended = await this.#ended;
    this.#ended = null;
    this.#job.signal.throwIfAborted();
    if (ended !== null && areSame(ended.versions, await readRowVersions(session, this.#job.catalog))) return ended.compared;
    progress.note(`comparing again: ${ended === null ? 'the comparison was interrupted' : 'rows were modified meanwhile'}`);
    return null;
  }

  async #compare(): Promise<Ended | null> {
    const { catalog, source, target, run, signal } = this.#job;
    const either = AbortSignal.any([signal, this.#stopped.signal]);
    collectEarly();
    await using session = await openSession(target, 'compare', either);
    // Prisma Client needs one while this one is still open.
    if ((await connections(session)).length > 0) return null;
    await session.script('begin isolation level repeatable read, read only');
    const compared = await compare({
      catalog,
      source,
      target: session,
      run,
      progress: this.#relay,
      signal: either,
      upgraded: false,
    });
    return { compared, versions: await readRowVersions(session, catalog) };
  }

  /** Its snapshot is gone when this is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#ended;
  }
}
