/** What was found in a run, and what was noted, from each of its parts. */
import type { Finding } from '../findings/finding.ts';
import type { WholeSource } from '../preconditions/whole-source.ts';
import type { Report } from '../report/model.ts';
import type { Session } from '../target/session.ts';
import { loadFindings } from './conclusion.ts';

export class FoundSoFar {
  /** Of what the source has beside its collections. */
  rest: WholeSource = { findings: [], notes: [] };
  /** Of the proof. */
  validated: readonly Finding[] = [];
  /** Accepted by a person before an upgrade of NextCRM, where their report is known: in place of all that was found before it. */
  accepted: readonly Finding[] | null = null;
  /** Of the proof in an upgraded database. */
  upgraded: readonly Finding[] = [];
  readonly #notes = new Map<string, Report['notes']>();

  /** In place of what an attempt before a lost connection noted about the same. */
  noted(about: string, notes: Report['notes']): void {
    this.#notes.set(about, notes);
  }

  get notes(): Report['notes'] {
    return [...this.#notes.values()].flat();
  }

  /** With what the load has recorded in the target. */
  async findings(session: Session): Promise<readonly Finding[]> {
    const before = this.accepted ?? [...this.rest.findings, ...(await loadFindings(session)), ...this.validated];
    return [...before, ...this.upgraded];
  }
}
