/** The findings as a person works through them: what hinders everything first, then code by code. */
import { adviceFor } from '../findings/advice.ts';
import { stateSchema } from '../schema-name.ts';
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
  { name: 'source', title: 'The source', lead: 'Check this first: it may be the cause of the other findings.' },
  {
    name: 'documents',
    title: 'Documents that could not be loaded',
    lead: `Each is stored completely in ${stateSchema}.reject and listed in rejects.jsonl. All other documents are in their tables.`,
  },
  {
    name: 'differences',
    title: 'Differences between source and target',
    lead: 'The validation compared both sides and found differences that the migration does not explain.',
  },
  {
    name: 'structure',
    title: 'Database schema',
    lead: 'Tables, keys, indexes and types that differ from what the migrations create.',
  },
] as const;
type Kind = (typeof kinds)[number]['name'];

const ofTheSource = new Set([
  'SOURCE_CHANGED',
  'SOURCE_DAMAGED',
  'SOURCE_FILE_UNREAD',
  'COLLECTION_NAME_SIMILAR',
  'VIEW_NOT_COPIED',
  'NOTHING_COMPARED',
]);

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
