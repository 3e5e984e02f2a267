/** The findings as a person works through them: what hinders everything first, then code by code. */
import { adviceFor } from './advice.ts';
import type { ReportedFinding } from './model.ts';

/** Findings of one code that ask for the same. */
export interface FindingsOfCode {
  readonly code: string;
  /** One sentence on what happened. */
  readonly what: string;
  readonly next: string;
  readonly count: number;
  readonly findings: readonly ReportedFinding[];
}

export interface FindingGroup {
  readonly title: string;
  /** What is common to them. */
  readonly lead: string;
  readonly codes: readonly FindingsOfCode[];
}

const kinds = [
  { name: 'source', title: 'The source', lead: 'Look at this first: it may be the reason for the rest.' },
  {
    name: 'documents',
    title: 'Documents that could not be loaded',
    lead: 'Each is kept whole in nextcrm_migration.reject, and named in rejects.jsonl. All other documents are in their tables.',
  },
  {
    name: 'differences',
    title: 'Differences between source and target',
    lead: 'The proof compared both sides and found something that the migration does not account for.',
  },
  {
    name: 'structure',
    title: 'The structure of the database',
    lead: 'Tables, keys, indexes and types, beside what the migrations promise.',
  },
] as const;
type Kind = (typeof kinds)[number]['name'];

const ofTheSource = new Set(['SOURCE_CHANGED', 'SOURCE_DAMAGED', 'NOTHING_COMPARED']);

function kindOf({ code, layer }: ReportedFinding): Kind {
  if (ofTheSource.has(code)) return 'source';
  if (layer === 'load') return 'documents';
  return layer === 'types' || code === 'KEY_NOT_VALIDATED' ? 'structure' : 'differences';
}

export function groupsOf(findings: readonly ReportedFinding[]): readonly FindingGroup[] {
  const byKind = Map.groupBy(findings, kindOf);
  return kinds.flatMap(({ name, title, lead }) => {
    const found = byKind.get(name);
    return found === undefined ? [] : [{ title, lead, codes: byCode(found) }];
  });
}

/** In the order in which they were found. */
function byCode(findings: readonly ReportedFinding[]): readonly FindingsOfCode[] {
  const groups = Map.groupBy(findings, ({ code, next }) => JSON.stringify([code, next]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { code, next } = first;
    // With one finding its own sentence says more than that of the code.
    const what = group.length === 1 ? first.what : adviceFor(code).what;
    return [{ code, what, next, count: group.reduce((sum, { count }) => sum + count, 0), findings: group }];
  });
}
