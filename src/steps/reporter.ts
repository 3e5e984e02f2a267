/** Keeps the report of a run: from its first minute, through every step, to its verdict or to what stopped it. */
import { type ExitCode, exitCodes, type Failure, invariant } from '../failure.ts';
import type { Progress, Step } from '../progress/progress.ts';
import { reportFiles } from '../report/files.ts';
import type { Dangling, Finding, Layer, LayerResult, Report } from '../report/model.ts';
import { queryFor } from '../report/queries.ts';
import { rejectLines } from '../report/rejects.ts';
import { asSeenNow } from '../report/seen-now.ts';
import type { Source } from '../source/source.ts';
import { verdictOver } from '../state/accepted.ts';
import { readBalances, readPairs } from '../state/balance.ts';
import { readDamage, readDanglingFields, readRejectCounts, readRejects } from '../state/load-findings.ts';
import { type CollectionProgress, readProgress } from '../state/progress-rows.ts';
import { type Run, recordVerdict } from '../state/run.ts';
import { readKeyCounts } from '../target/key-counts.ts';
import type { Session } from '../target/session.ts';
import { LatestWriter } from '../volume/latest-writer.ts';
import type { Checkpoint, ReportFiles, Volume } from '../volume/volume.ts';
import type { Checked } from './check.ts';
import { checkpointOf } from './checkpoint.ts';
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

type Concluded = Report & { readonly exitCode: ExitCode };

/** How old the report of a running migration may be. */
const refreshMs = 5_000;

export class Reporter {
  readonly #volume: Volume;
  readonly #reports: LatestWriter<ReportFiles>;
  readonly #checkpoints: LatestWriter<Checkpoint>;
  readonly #rows = new Map<string, CollectionProgress>();
  #report: Report;
  #run: Run | null = null;
  readonly #steps = new StepLog();
  #holdsLock = false;
  /** The report with its verdict, kept in its own folder before the target has recorded it; meanwhile only the top tells of the run. */
  #concluded: Concluded | null = null;
  #validated: readonly Finding[] = [];

  constructor({ id, command, volume, versions }: ReporterOptions) {
    this.#volume = volume;
    this.#reports = new LatestWriter((files) =>
      this.#concluded === null ? volume.saveReport(id, files) : volume.saveOnTop(files),
    );
    this.#checkpoints = new LatestWriter((checkpoint) => volume.writeCheckpoint(checkpoint));
    this.#report = emptyReport(id, command, versions);
  }

  get report(): Report {
    return this.#report;
  }

  /** While nobody else can be at work with the target, and so with this volume. */
  holdsLock(): Disposable {
    this.#holdsLock = true;
    return {
      [Symbol.dispose]: () => {
        this.#holdsLock = false;
      },
    };
  }

  /** What is known once both servers were seen. */
  describe({ run, source, target, checked }: { run: Run; source: Source; target: string; checked: Omit<Checked, 'run'> }): void {
    this.#run = run;
    this.#concluded = null;
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
    const timer = setInterval(() => void this.#refresh(), refreshMs);
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
    const concluded: Concluded = {
      ...this.#report,
      ...this.#steps.told(),
      findings: all.map((finding) => ({ ...finding, query: queryFor(finding) })),
      state: 'finished',
      verdict,
      exitCode,
      step: null,
      writtenAt: new Date().toISOString(),
      finishedAt: new Date().toISOString(),
      notes: notesOf(this.#report),
    };
    this.#concluded = concluded;
    await this.#reports.flush();
    await this.#volume.keepReport(concluded.id, reportFiles(concluded, rejectLines(readRejects(session))));
    if (concluded.command === 'migrate') await recordVerdict(session, verdict, exitCode, concluded.id);
    return await this.conclude();
  }

  /** Once the target has recorded the verdict, and not before, the files at the top of the volume say it. */
  async conclude(): Promise<ExitCode> {
    const concluded = this.#concluded;
    invariant(concluded !== null, 'the target has a verdict that this run did not come to');
    this.#report = concluded;
    await this.#reports.flush();
    await this.#volume.putOnTop(concluded.id);
    this.#putCheckpoint();
    await this.#checkpoints.flush();
    return concluded.exitCode;
  }

  /** The end of a run that a failure, a signal or a bug stopped. The target may be out of reach: what is known is written. */
  async stopped(
    failure: Failure | { readonly code: string; readonly exit: ExitCode; readonly message: string; readonly next: string },
  ): Promise<void> {
    // The target has the verdict, and the next start puts the files in order.
    if (this.#report.state === 'finished') return;
    // Another run is at work with this target, and perhaps with this volume: its report stays.
    if (failure.exit === exitCodes.locked || !(await this.#mayWrite())) return;
    this.#set({
      state: failure.exit === exitCodes.interrupted ? 'interrupted' : 'failed',
      exitCode: failure.exit,
      failure: { code: failure.code, what: failure.message, next: failure.next },
      findings: [],
    });
    await this.#save();
  }

  async #refresh(): Promise<void> {
    // Not before both servers were seen, nor behind the run's end.
    if (this.#run === null || !(await this.#mayWrite()) || this.#report.state !== 'running') return;
    this.#reports.offer(this.#files());
  }

  /** Without the lock another run may be at work with this volume: the living report of another stays. */
  async #mayWrite(): Promise<boolean> {
    if (this.#holdsLock) return true;
    const top = await this.#volume.readReport();
    return top === null || top.id === this.#report.id || asSeenNow(top, Date.now()).state !== 'running';
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

  #putReport(): void {
    this.#reports.put(this.#files());
  }

  #files(): ReportFiles {
    this.#set({ writtenAt: new Date().toISOString(), ...this.#steps.told() });
    return reportFiles(this.#report);
  }

  #putCheckpoint(): void {
    if (this.#run === null || this.#report.command !== 'migrate') return;
    const { state, exitCode, id, target } = this.#report;
    const step = state === 'finished' ? 'finished' : this.#steps.step;
    this.#checkpoints.put(checkpointOf(this.#run, { target, step, rows: this.#rows.values(), exitCode, reportId: id }));
  }

  #set(part: Partial<Report>): void {
    this.#report = { ...this.#report, ...part };
  }
}
