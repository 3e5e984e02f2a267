/** What the program promises, without how: which exit code a command ends with, and where the migration stands afterwards. */

/** What of the source changes in a sequence: a document without its e-mail, a repeated `_id`, the name of a sound document. */
export interface Content {
  readonly mail: boolean;
  readonly twin: boolean;
  readonly name: number;
}

/** What can be seen of a run that was stopped. */
export interface Seen {
  readonly step: string;
  readonly reportId: string | null;
  readonly usersLoaded: boolean;
}

export type Findings = readonly string[];
interface Reported {
  readonly findings: Findings;
  readonly order: number;
  readonly command: 'migrate' | 'verify';
}

const covers = (accepted: Findings, found: Findings) => found.every((one) => accepted.includes(one));

export class Model {
  source: Content;
  /** What the target holds; null while the source may still change without being noticed. */
  loaded: Content | null = null;
  damaged = false;
  step = 'load';
  exit: number | null = null;
  accepted: Findings | null = null;
  /** On the volume. */
  readonly reports = new Map<string, Reported>();
  /** Of the last verdict. */
  own: string | null = null;
  /** On top of the volume, where that is a finished one. */
  top: string | null = null;
  /** Of `status`; null where it depends on when a run was stopped. */
  status: number | null = 0;
  #order = 0;
  #acceptedId: string | null = null;

  constructor(source: Content) {
    this.source = source;
  }

  get isDone(): boolean {
    return this.step === 'finished' && this.exit === 0;
  }

  get hasRejects(): boolean {
    return this.loaded !== null && (!this.loaded.mail || this.loaded.twin);
  }

  /** No step is at work with the source or the rows. */
  get mayChange(): boolean {
    return this.loaded === null || ['validate', 'handover', 'finished'].includes(this.step);
  }

  findings(): Findings {
    const { source, loaded } = this;
    if (loaded === null) return [];
    const isSame = JSON.stringify(source) === JSON.stringify(loaded);
    return [
      ...(loaded.mail ? [] : ['MISSING_REQUIRED']),
      ...(loaded.twin ? ['DUPLICATE_ID'] : []),
      ...(isSame ? [] : [`SOURCE_CHANGED ${JSON.stringify(source)}`]),
      ...(this.damaged ? ['ROW_MISSING'] : []),
    ];
  }

  /** A run to its end; `reported` tells the ID of its report. */
  start(): number {
    if (this.isDone) {
      if (this.#topVerify()?.exit !== 1) this.status = 0;
      this.top ??= this.#last();
      return 0;
    }
    if (this.step === 'finished' && this.hasRejects && this.damaged) {
      this.top = null;
      this.status = 4;
      return 4;
    }
    this.#goOn();
    this.loaded ??= this.source;
    this.step = 'finished';
    const found = this.findings();
    this.exit = this.#exitOf(found);
    if (this.exit === 1) this.accepted = null;
    this.status = this.exit;
    return this.exit;
  }

  /** A run that was stopped after this had been written. */
  stopped({ step, reportId, usersLoaded }: Seen): void {
    if (this.isDone) return;
    this.status = null;
    this.top = null;
    if (reportId !== this.own) {
      this.start();
      this.reported(reportId, 'migrate');
      this.status = null;
      return;
    }
    if (step === 'finished') return;
    this.#goOn();
    if (usersLoaded) this.loaded ??= this.source;
    this.step = step;
    this.exit = null;
  }

  verify(): number {
    if (this.step !== 'finished') return this.refused(2);
    this.status = this.#exitOf(this.findings());
    return this.status;
  }

  accept(id: string): number {
    const report = this.reports.get(id);
    if (report === undefined || this.step !== 'finished') return 2;
    if (report.findings.length === 0) return 0;
    if (!this.isDone && this.own !== null && id !== this.own && !this.reports.has(this.own)) return 2;
    for (const [other, { order, command, findings }] of this.reports)
      if ((command === 'verify' || other === this.own) && order > report.order && !covers(report.findings, findings)) return 2;
    this.accepted = report.findings;
    this.exit = 0;
    this.#acceptedId = id;
    this.status = 0;
    this.top ??= this.#last();
    return 0;
  }

  /** The report of a run or a verification that has just ended with a verdict. */
  reported(id: string | null, command: Reported['command']): void {
    if (id === null) return;
    if (command === 'migrate') this.own = id;
    this.top = id;
    this.reports.set(id, { findings: this.findings(), order: this.#order, command });
    this.#order += 1;
  }

  volumeLost(): void {
    this.reports.clear();
    this.top = null;
    this.status = 0;
  }

  /** With the checkpoint of another run on the volume. */
  foreign(): number {
    return this.refused(2);
  }

  /** Without the lock: the report of a run that was killed may be too young to be replaced. */
  refused(exit: number): number {
    if (this.status !== null) {
      this.top = null;
      this.status = exit;
    }
    return exit;
  }

  /** Of two that ended at once, this one wrote last. */
  onTop(id: string | null, status: number | null): void {
    this.top = id;
    this.status = status;
  }

  /** Of the last verdict, or the accepted one, where it is later. */
  #last(): string | null {
    const order = (id: string | null) => (id === null ? undefined : this.reports.get(id)?.order) ?? -1;
    const last = order(this.#acceptedId) > order(this.own) ? this.#acceptedId : this.own;
    return order(last) < 0 ? null : last;
  }

  #goOn(): void {
    const { loaded, source } = this;
    if (this.step === 'finished' && loaded !== null && this.hasRejects) {
      this.loaded = { mail: loaded.mail || source.mail, twin: loaded.twin && source.twin, name: loaded.name };
    }
  }

  #exitOf(found: Findings): number {
    return found.length === 0 || (this.accepted !== null && covers(this.accepted, found)) ? 0 : 1;
  }

  #topVerify(): { readonly exit: number } | null {
    const top = this.top === null ? undefined : this.reports.get(this.top);
    return top?.command === 'verify' ? { exit: this.#exitOf(top.findings) } : null;
  }
}
