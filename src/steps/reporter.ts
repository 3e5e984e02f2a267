/** Keeps the report of a run: from its first minute, through every step, to its verdict or to what stopped it. */

import { type ExitCode, exitCodes, type Failure, invariant } from '../failure.ts';
import type { Progress, Step } from '../progress/progress.ts';
import { reportFiles } from '../report/files.ts';
import type { Dangling, Finding, Layer, LayerResult, Report } from '../report/model.ts';
import { queryFor } from '../report/queries.ts';
import { rejectLines } from '../report/rejects.ts';
import type { Source } from '../source/source.ts';
import { verdictOver } from '../state/accepted.ts';
import { readBalances, readPairs } from '../state/balance.ts';
import { readDamage, readDanglingFields, readRejectCounts, readRejects } from '../state/load-findings.ts';
import { type CollectionProgress, readProgress } from '../state/progress-rows.ts';
import { type Run, recordVerdict } from '../state/run.ts';
import { readKeyCounts } from '../target/key-counts.ts';
import type { Session } from '../target/session.ts';
import { LatestWriter } from '../volume/latest-writer.ts';
import type { Checkpoint, Content, ReportFiles, Volume } from '../volume/volume.ts';
import type { Checked } from './check.ts';
import { emptyReport, loadFinding, notesOf, soFar } from './report-parts.ts';
import { StepLog } from './step-log.ts';
import { readUpgrade } from './upgrade.ts';

/** What validation hands over. */
export interface Validated {
  readonly findings: readonly Finding[];
  readonly layers: { readonly [L in Layer]: LayerResult };
  readonly dangling: Pick<Dangling, 'inSource' | 'toRejected'>;
}

export interface ReporterOptions {
  readonly id: string;
  readonly command: Report['command'];
  readonly volume: Volume;
  readonly versions: Report['versions'];
}

/** How old the report of a running migration may be. */
const refreshMs = 5_000;

export class Reporter {
  readonly #volume: Volume;
  readonly #reports: LatestWriter<ReportFiles>;
  readonly #checkpoints: LatestWriter<Checkpoint>;
  readonly #rows = new Map<string, CollectionProgress>();
  #report: Report;
  #run: Run | null = null;
  #sourceKind: Source['kind'] = 'server';
  #sourceDatabase = '';
  readonly #steps = new StepLog();
  #validated: readonly Finding[] = [];

  constructor({ id, command, volume, versions }: ReporterOptions) {
    this.#volume = volume;
    this.#reports = new LatestWriter((files) => volume.saveReport(id, files));
    this.#checkpoints = new LatestWriter((checkpoint) => volume.writeCheckpoint(checkpoint));
    this.#report = emptyReport(id, command, versions);
  }

  get report(): Report {
    return this.#report;
  }

  /** What is known once both servers were seen. */
  describe({ run, source, target, checked }: { run: Run; source: Source; target: string; checked: Omit<Checked, 'run'> }): void {
    this.#run = run;
    this.#sourceKind = source.kind;
    this.#sourceDatabase = source.database;
    this.#set({
      runId: run.id,
      source: source.kind === 'server' ? source.description : `${source.description}, database ${source.database}`,
      target,
      missingCollections: checked.missingCollections,
      notCopied: checked.notCopied,
      versions: {
        ...this.#report.versions,
        PostgreSQL: checked.versions.postgres,
        pgvector: checked.versions.vector,
        ...(source.version === null ? {} : { MongoDB: source.version }),
      },
    });
  }

  /** What lies ahead of this run, for its report. */
  plan(steps: readonly Step[]): void {
    this.#steps.plan(steps);
  }

  /** Tells where the run is, and how long the step took. */
  async during(session: Session, step: Step, progress: Progress): Promise<void> {
    for (const row of await readProgress(session)) this.#rows.set(row.collection, row);
    const metered = this.#steps.begin(step, progress);
    this.#set({ step: step.name });
    await this.#save();
    try {
      await step.run(metered);
    } catch (error) {
      this.#steps.end('stopped');
      throw error;
    }
    this.#volume.log({ event: 'step', step: step.name, seconds: this.#steps.end('done') });
  }

  /** After each batch's commit, which does not wait for the file that follows it: writing safely takes as long as a batch. */
  committed(row: CollectionProgress): void {
    this.#rows.set(row.collection, row);
    this.#set({ collections: { ...this.#report.collections, [row.collection]: soFar(row) } });
    this.#putCheckpoint();
  }

  /** Writes the report of the running migration every few seconds, which also tells that it is alive. Dispose of it at the end. */
  keepFresh(): Disposable {
    // Not before both servers were seen: another run may be at work with this volume.
    const timer = setInterval(() => {
      if (this.#run !== null) this.#reports.offer(this.#files());
    }, refreshMs);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  validated({ findings, layers, dangling: { inSource, toRejected } }: Validated): void {
    this.#validated = findings;
    this.#set({ layers, dangling: { ...this.#report.dangling, inSource, toRejected } });
  }

  /** The end of a run: the verdict goes into the target, the report and `rejects.jsonl` onto the volume. */
  async finish(session: Session): Promise<ExitCode> {
    await this.#count(session);
    this.#set({ upgrade: await readUpgrade(session) });
    const findings = [...(await readRejectCounts(session)), ...(await readDamage(session))].map(loadFinding);
    const all = [...findings, ...this.#validated];
    const passed = Object.values(this.#report.layers).every(({ status }) => status === 'passed');
    invariant(passed || all.length > 0, 'a layer of the validation did not pass, yet nothing was found');
    const { verdict, exitCode } = verdictOver(all, this.#run?.acceptedFindings ?? []);
    this.#set({
      findings: all.map((finding) => ({ ...finding, query: queryFor(finding) })),
      state: 'finished',
      verdict,
      exitCode,
      step: null,
      finishedAt: new Date().toISOString(),
      notes: notesOf(this.#report),
    });
    await this.#reports.flush();
    this.#putReport(rejectLines(readRejects(session)));
    await this.#reports.flush();
    if (this.#report.command === 'migrate') {
      await recordVerdict(session, verdict, exitCode, this.#report.id);
      this.#putCheckpoint();
      await this.#checkpoints.flush();
    }
    return exitCode;
  }

  /** The end of a run that a failure, a signal or a bug stopped. The target may be out of reach: what is known is written. */
  async stopped(
    failure: Failure | { readonly code: string; readonly exit: ExitCode; readonly message: string; readonly next: string },
  ): Promise<void> {
    // Another run is at work with this target, and perhaps with this volume: its report stays.
    if (failure.exit === exitCodes.locked) return;
    this.#set({
      state: failure.exit === exitCodes.interrupted ? 'interrupted' : 'failed',
      exitCode: failure.exit,
      failure: { code: failure.code, what: failure.message, next: failure.next },
      findings: [],
    });
    await this.#save();
  }

  async #count(session: Session): Promise<void> {
    const junctions = await readPairs(session);
    this.#set({
      junctions,
      collections: await readBalances(session, junctions),
      dangling: { ...this.#report.dangling, fields: await readDanglingFields(session) },
      keys: await readKeyCounts(session),
    });
  }

  async #save(): Promise<void> {
    this.#putReport();
    this.#putCheckpoint();
    await this.#reports.flush();
    await this.#checkpoints.flush();
  }

  #putReport(rejects?: Content): void {
    this.#reports.put(this.#files(rejects));
  }

  #files(rejects?: Content): ReportFiles {
    this.#set({ writtenAt: new Date().toISOString(), ...this.#steps.told() });
    return reportFiles(this.#report, rejects);
  }

  #putCheckpoint(): void {
    if (this.#run === null || this.#report.command !== 'migrate') return;
    const { state, exitCode, id } = this.#report;
    this.#checkpoints.put({
      version: 1,
      runId: this.#run.id,
      source: { kind: this.#sourceKind, database: this.#sourceDatabase, description: this.#run.sourceDescription },
      target: { description: this.#report.target },
      step: state === 'finished' ? 'finished' : this.#steps.step,
      writtenAt: new Date().toISOString(),
      collections: Object.fromEntries(
        [...this.#rows.values()].map(({ collection, batch, read, done }) => [collection, { batch, read, done }]),
      ),
      exitCode,
      reportId: id,
    });
  }

  #set(part: Partial<Report>): void {
    this.#report = { ...this.#report, ...part };
  }
}
