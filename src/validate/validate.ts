/**
 * The independent proof that the target holds what the source holds: four layers, read-only on both sides. No code is
 * shared with the conversion; the rules are written independently under rules/.
 */
import type { Catalog } from '../catalog/index.ts';
import type { Finding, Layer, LayerResult } from '../findings/finding.ts';
import type { Progress } from '../progress/progress.ts';
import type { Source, SourceCollection } from '../source/source.ts';
import { checkArchive } from './archive.ts';
import type { Context } from './context.ts';
import { countCorrections } from './corrections/corrections.ts';
import { checkCounts, readProgressRows } from './counts/counts.ts';
import { checkReadToTheEnd } from './counts/read-to-the-end.ts';
import { byPresentNames } from './former-names.ts';
import { Findings } from './found.ts';
import { checkIdMap } from './ledger/id-map.ts';
import { countLedger } from './ledger/ledger.ts';
import { checkPrepared } from './prepared.ts';
import { type CollectionTally, compareCollection } from './records/records.ts';
import { checkExtraPairs, countPairs } from './references/extra-pairs.ts';
import { checkKeys } from './references/keys.ts';
import { readMerges } from './references/merged.ts';
import { PairSets } from './references/pair-sets.ts';
import { type DanglingCounts, References } from './references/references.ts';
import { readRelations } from './relations.ts';
import { inTurn, type TargetReader } from './target-reader.ts';
import { checkTypes, type ReadModels } from './types/types.ts';

export interface ValidationJob {
  readonly catalog: Catalog;
  readonly source: Source;
  readonly target: TargetReader;
  /** `finishedAt`: null while the migration itself is under way. */
  readonly run: { readonly startedAt: Date; readonly finishedAt: Date | null };
  /** A later release of NextCRM has applied its migrations. */
  readonly upgraded: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly readModels: ReadModels;
}

export interface ValidationResult {
  readonly findings: readonly Finding[];
  /** What people have modified since, in an upgraded database: one line a place. */
  readonly modified: readonly string[];
  readonly layers: { readonly [L in Layer]: LayerResult };
  /** By collection: fields that are the same on both sides. */
  readonly carried: { readonly [collection: string]: number };
  /** By collection: the order-free hash of the documents that were read. */
  readonly contentHashes: { readonly [collection: string]: string };
  /** References of the source to documents that have no row. */
  readonly dangling: DanglingCounts;
}

/** What the comparison of all documents leaves to the rest of the proof. */
export interface Compared {
  readonly context: Context;
  readonly references: References;
  /** The number of rows of each junction table. */
  readonly pairs: ReadonlyMap<string, number>;
  readonly tallies: ReadonlyMap<string, CollectionTally>;
  readonly dangling: DanglingCounts;
}

/** Everything that needs the source, and the map of ids: it asks for rows and primary keys only. */
export async function compare(job: Omit<ValidationJob, 'readModels'>): Promise<Compared> {
  const target = inTurn(job.target);
  const { catalog, progress, signal, upgraded } = job;
  const findings = new Findings({ upgraded });
  const ledgerCounts = await countLedger(target);
  const relations = await readRelations(target, catalog, { upgraded });
  const corrections = await countCorrections(target);
  const context: Context = {
    catalog,
    source: byPresentNames(job.source, catalog),
    target,
    progress,
    signal,
    findings,
    ledgerCounts,
    startedAtMs: BigInt(job.run.startedAt.getTime()),
    relations,
    merges: await readMerges(target, catalog, relations, corrections !== null),
    corrections,
    finishedAt: job.run.finishedAt,
    upgraded,
  };
  const references = new References(context);
  const pairCounts = await countPairs(context);
  const pairs = new PairSets(pairCounts.parts);

  const tallies = await compareAll(context, references, pairs);
  const dangling = await references.finish();
  progress.note('checking links, keys and id_map');
  await checkExtraPairs(context, pairCounts, pairs);
  await checkIdMap(context);
  return { context, references, pairs: pairCounts.rows, tallies, dangling };
}

/** `compared`: where that was done before, over the same rows. */
export async function validate(job: ValidationJob, compared?: Compared | null): Promise<ValidationResult> {
  const { context: before, references, pairs, tallies, dangling } = compared ?? (await compare(job));
  const { progress, signal } = job;
  const context: Context = { ...before, target: inTurn(job.target), progress, signal };
  const { catalog, findings } = context;
  await checkArchive(context);
  // Afterwards people may enter what is not prepared yet: the next start of the migration prepares it.
  if (job.run.finishedAt === null) await checkPrepared(context);
  references.compared += await checkKeys(context);
  progress.note('checking the definitions of the tables');
  const rowsOf = new Map([...pairs, ...[...tallies].map(([name, { matched }]): [string, number] => [name, matched])]);
  const facts = await checkTypes(context, job.readModels, rowsOf);

  const documents = [...tallies.values()].reduce((sum, tally) => sum + tally.documents, 0);
  return {
    findings: findings.list(context.finishedAt),
    modified: findings.modified(),
    layers: {
      counts: result(findings, 'counts', tallies.size + catalog.junctions.length),
      // A source without a document has none to compare: had there been any before, that is a finding of the counts.
      records: result(findings, 'records', documents, { noneIsFine: !findings.has('counts') }),
      references: result(findings, 'references', references.compared),
      types: result(findings, 'types', facts),
    },
    carried: Object.fromEntries([...tallies].map(([name, tally]) => [name, tally.carried])),
    contentHashes: Object.fromEntries([...tallies].map(([name, tally]) => [name, tally.contentHash])),
    dangling,
  };
}

/** Every collection of either side, also those that only one of them knows, or the ledger alone. */
async function compareAll(context: Context, references: References, pairs: PairSets): Promise<Map<string, CollectionTally>> {
  const progressRows = await readProgressRows(context);
  const inSource = new Map<string, SourceCollection>(
    (await context.source.collections()).filter(({ type }) => type === 'collection').map((found) => [found.name, found]),
  );
  const specs = new Map(context.catalog.collections.map((spec) => [spec.collection, spec]));
  const tallies = new Map<string, CollectionTally>();
  context.progress.expect(Object.fromEntries([...progressRows].map(([name, { read }]) => [name, read])));
  const inLedger = Object.values(context.ledgerCounts).flatMap((counts) => [...counts.keys()]);
  for (const name of new Set([...specs.keys(), ...progressRows.keys(), ...inSource.keys(), ...inLedger])) {
    context.signal.throwIfAborted();
    const spec = specs.get(name) ?? null;
    const found = inSource.get(name) ?? null;
    const progressRow = progressRows.get(name) ?? null;
    let tally: CollectionTally | null = null;
    if (found !== null) {
      context.progress.begin(name, found.documents ?? progressRow?.read ?? null, 0);
      tally = await compareCollection(context, name, spec, references, pairs);
      context.progress.end(name);
      tallies.set(name, tally);
    }
    await checkCounts(context, name, spec, tally, progressRow);
    if (tally !== null) await checkReadToTheEnd(context, name, tallies);
  }
  if (tallies.values().every(({ documents }) => documents === 0) && [...progressRows.values()].some(({ read }) => read > 0)) {
    context.findings.add('counts', 'NOTHING_COMPARED', {});
  }
  return tallies;
}

/** A layer that compared nothing has proved nothing, where there was something to compare. */
function result(findings: Findings, layer: Layer, compared: number, { noneIsFine = false } = {}): LayerResult {
  return { status: findings.has(layer) || (compared === 0 && !noneIsFine) ? 'failed' : 'passed', compared };
}
