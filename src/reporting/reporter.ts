/** Leads the report of a run from its first minute, through every step, to its verdict or to what stopped it. */
import type { Catalog } from '../catalog/index.ts';
import { type ExitCode, exitCodes, type Failure, invariant } from '../failure.ts';
import { verdictOver } from '../findings/accepted.ts';
import type { Dangling, Finding, Layer, LayerResult } from '../findings/finding.ts';
import { readRejects, readValueCounts } from '../ledger/findings.ts';
import { type Progress, type Step, stepNames } from '../progress/progress.ts';
import { tellReleases } from '../releases/tell.ts';
import type { Report } from '../report/model.ts';
import { rejectLines } from '../report/rejects.ts';
import { type CollectionProgress, readProgress } from '../state/progress-rows.ts';
import type { Run } from '../state/run.ts';
import { finishRun } from '../state/transitions.ts';
import type { Session } from '../target/session.ts';
import type { Checkpoint, Volume } from '../volume/volume.ts';
import { checkpointOf } from './checkpoint.ts';
import { type Concluded, concluded, countsOf } from './conclusion.ts';
import { formerReports } from './former-reports.ts';
import { FoundSoFar } from './found-so-far.ts';
import { type Described, described, emptyReport, notesOf, soFar } from './report-parts.ts';
import { RunFiles } from './run-files.ts';
import { StepLog } from './step-log.ts';
import { valueNotes } from './value-notes.ts';

/** What validation hands over. */
export interface Validated {
  readonly findings: readonly Finding[];
  /** One line for each place that people have modified since, where that is no finding. */
  readonly modified: readonly string[];
  readonly layers: { readonly [L in Layer]: LayerResult };
  readonly dangling: Pick<Dangling, 'inSource' | 'toRejected'>;
}

export interface ReporterOptions {
  readonly id: string;
  readonly command: Report['command'];
  readonly volume: Volume;
  readonly catalog: Catalog;
  readonly versions: Report['versions'];
}

/** Behind the hand-over: NextCRM's own migrations may have changed the tables. */
const isLater = (step: Run['step']) => step !== 'finished' && stepNames.indexOf(step) > stepNames.indexOf('handover');

/** How old the report of a running migration may be. */
const refreshMs = 5_000;

export class Reporter {
  readonly #volume: Volume;
  readonly #catalog: Catalog;
  readonly #files: RunFiles;
  readonly #steps = new StepLog();
  readonly #rows = new Map<string, CollectionProgress>();
  readonly #found = new FoundSoFar();
  #report: Report;
  #run: Run | null = null;
  #concluded: Concluded | null = null;
  #isContinued = false;

  constructor({ id, command, volume, catalog, versions }: ReporterOptions) {
    this.#volume = volume;
    this.#catalog = catalog;
    this.#files = new RunFiles(volume, id);
    this.#report = emptyReport(id, command, versions);
  }

  get report(): Report {
    return this.#report;
  }

  /** While nobody else can be at work with the target, and so with this volume. */
  holdsLock(): Disposable {
    return this.#files.holdsLock();
  }

  /** What is known once both servers were seen. */
  describe({ run, source, target, checked }: Described): void {
    this.#run = run;
    this.#concluded = null;
    this.#files.begin();
    this.#found.rest = checked.rest;
    this.#set(described(this.#report, { run, source, target, checked }));
  }

  /** A run that continues behind the hand-over, without its source: what is known of its proof comes from its reports. */
  async continued(run: Run, target: string): Promise<void> {
    this.#run = run;
    this.#concluded = null;
    this.#files.begin();
    this.#set({ runId: run.id, target });
    if (this.#isContinued || Object.values(this.#report.layers).some(({ status }) => status !== 'not run')) return;
    this.#isContinued = true;
    const { accepted, proved } = await formerReports(this.#volume, run);
    this.#found.accepted = accepted;
    this.#set(proved);
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
    const checkpoint = this.#checkpoint();
    if (checkpoint !== null) this.#files.putCheckpoint(checkpoint);
  }

  /** Writes the report of the running migration every few seconds, which also tells that it is alive. Dispose of it at the end. */
  keepFresh(): Disposable {
    const timer = setInterval(() => void this.#refresh(), refreshMs);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  validated({ findings, modified, layers, dangling: { inSource, toRejected } }: Validated): void {
    this.#found.validated = findings;
    this.noted(
      'modified',
      modified.map((what) => ({ code: 'MODIFIED_SINCE', what })),
    );
    this.#set({ layers, dangling: { ...this.#report.dangling, inSource, toRejected } });
  }

  /** What the proof in an upgraded database found. */
  upgraded({ findings, notes }: { readonly findings: readonly Finding[]; readonly notes: Report['notes'] }): void {
    this.#found.upgraded = findings;
    this.noted('upgrade', notes);
  }

  /** In place of what an attempt before a lost connection noted about the same. */
  noted(about: string, notes: Report['notes']): void {
    this.#found.noted(about, notes);
  }

  /** Before NextCRM's own migrations: what is known up to now, counted in the tables as the migration left them. */
  async verdictSoFar(session: Session): Promise<ReturnType<typeof verdictOver>> {
    this.#set(await countsOf(session, this.#catalog, this.#report));
    return verdictOver(await this.#found.findings(session), this.#run?.acceptedFindings ?? []);
  }

  /**
   * The end of a run: the verdict goes into the target, the report and `rejects.jsonl` onto the volume. `check` rejects where what was
   * counted for the report is not to be concluded from.
   */
  async finish(session: Session, check: () => Promise<void> = async () => undefined): Promise<ExitCode> {
    const run = this.#run;
    invariant(run !== null, 'a run ends that was not described');
    const isCounted = isLater(run.step) && Object.keys(this.#report.junctions).length > 0;
    if (!isCounted) this.#set(await countsOf(session, this.#catalog, this.#report));
    await check();
    const findings = await this.#found.findings(session);
    const passed = Object.values(this.#report.layers).every(({ status }) => status === 'passed');
    // A run that continues behind the hand-over does not know of its proof where its volume was lost.
    invariant(
      passed || findings.length > 0 || this.#isContinued,
      'a layer of the validation did not pass, yet nothing was found',
    );
    if (!isCounted) this.noted('values', await valueNotes(session, this.#catalog));
    this.#set({
      ...this.#steps.reported(),
      nextcrm: await tellReleases(session, this.#catalog),
      notes: [
        ...notesOf(this.#report, this.#found.rest.notes, await readValueCounts(session), this.#catalog),
        ...this.#found.notes,
      ],
    });
    const ended = concluded(this.#report, findings, run.acceptedFindings, this.#catalog, run.sourceKind);
    this.#concluded = ended;
    await this.#files.keep(ended, rejectLines(readRejects(session)));
    const { verdict, exitCode, id: reportId } = ended;
    if (ended.command === 'migrate') await finishRun(session, run, { verdict, exitCode, reportId });
    return await this.conclude();
  }

  /** Once the target has recorded the verdict, and not before, the files at the top of the volume say it. */
  async conclude(): Promise<ExitCode> {
    const ended = this.#concluded;
    invariant(ended !== null, 'the target has a verdict that this run did not come to');
    this.#report = ended;
    await this.#files.putOnTop(this.#checkpoint());
    return ended.exitCode;
  }

  /** The end of a run that a failure, a signal or a bug stopped. The target may be out of reach: what is known is written. */
  async stopped(
    failure: Failure | { readonly code: string; readonly exit: ExitCode; readonly message: string; readonly next: string },
  ): Promise<void> {
    // The target has the verdict, and the next start puts the files in order.
    if (this.#report.state === 'finished') return;
    // Another run is at work with this target, and perhaps with this volume: its report stays.
    const gaveWay = failure.exit === exitCodes.locked && this.#report.command === 'migrate';
    if (gaveWay || !(await this.#files.mayWrite())) return;
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
    if (this.#run === null || !(await this.#files.mayWrite()) || this.#report.state !== 'running') return;
    this.#files.offerReport(this.#current());
  }

  async #save(): Promise<void> {
    await this.#files.save(this.#current(), this.#checkpoint());
  }

  /** The report as things stand. */
  #current(): Report {
    this.#set({ writtenAt: new Date().toISOString(), ...this.#steps.reported() });
    return this.#report;
  }

  /** Null for `verify`, and before both servers were seen. */
  #checkpoint(): Checkpoint | null {
    if (this.#run === null || this.#report.command !== 'migrate') return null;
    const { state, exitCode, id, target } = this.#report;
    const step = state === 'finished' ? 'finished' : this.#steps.step;
    return checkpointOf(this.#run, { target, step, rows: this.#rows.values(), exitCode, reportId: id });
  }

  #set(part: Partial<Report>): void {
    this.#report = { ...this.#report, ...part };
  }
}
