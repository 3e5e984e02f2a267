/** The files on the volume while a run goes on: its report at the top, its checkpoint, and who may write them. */
import { reportFiles } from '../report/files.ts';
import type { Report } from '../report/model.ts';
import { asSeenNow } from '../report/seen-now.ts';
import { LatestWriter } from '../volume/latest-writer.ts';
import type { Content } from '../volume/saved-report.ts';
import type { Checkpoint, ReportFiles, Volume } from '../volume/volume.ts';

export class RunFiles {
  readonly #volume: Volume;
  readonly #id: string;
  readonly #reports: LatestWriter<ReportFiles>;
  readonly #checkpoints: LatestWriter<Checkpoint>;
  #holdsLock = false;
  /** The folder of the report has its verdict already; meanwhile only the top says how the run stands. */
  #topAlone = false;

  constructor(volume: Volume, id: string) {
    this.#volume = volume;
    this.#id = id;
    this.#reports = new LatestWriter((files) => (this.#topAlone ? volume.saveOnTop(files) : volume.saveReport(id, files)));
    this.#checkpoints = new LatestWriter((checkpoint) => volume.writeCheckpoint(checkpoint));
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

  /** Without the lock another run may be at work with this volume: the living report of another stays. */
  async mayWrite(): Promise<boolean> {
    if (this.#holdsLock) return true;
    const top = await this.#volume.readReport();
    return top === null || top.id === this.#id || asSeenNow(top, Date.now()).state !== 'running';
  }

  /** A run that begins, or begins again after a lost connection, writes its own folder too. */
  begin(): void {
    this.#topAlone = false;
  }

  /** Unless another report is being written. */
  offerReport(report: Report): void {
    this.#reports.offer(reportFiles(report));
  }

  /** Does not wait: writing safely takes as long as a batch. */
  putCheckpoint(checkpoint: Checkpoint): void {
    this.#checkpoints.put(checkpoint);
  }

  async save(report: Report, checkpoint: Checkpoint | null): Promise<void> {
    this.#reports.put(reportFiles(report));
    if (checkpoint !== null) this.putCheckpoint(checkpoint);
    await this.#reports.flush();
    await this.#checkpoints.flush();
  }

  /** Keeps the report with its verdict in its own folder, before the target has recorded it. */
  async keep(report: Report, rejects: Content): Promise<void> {
    this.#topAlone = true;
    await this.#reports.flush();
    await this.#volume.keepReport(report.id, reportFiles(report, rejects));
  }

  /** Once the target has recorded the verdict: the kept report goes to the top. */
  async putOnTop(checkpoint: Checkpoint | null): Promise<void> {
    await this.#reports.flush();
    await this.#volume.putOnTop(this.#id);
    if (checkpoint !== null) this.putCheckpoint(checkpoint);
    await this.#checkpoints.flush();
  }
}
