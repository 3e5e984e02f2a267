/** The pieces that a report is put together from. */
import type { Catalog } from '../catalog/index.ts';
import { adviceFor } from '../findings/advice.ts';
import type { NoteCode } from '../findings/codes.ts';
import type { Finding, LayerResult } from '../findings/finding.ts';
import { ambiguousNumbersQuery, type CodeCount, lostValuesQuery, type ValueCount } from '../ledger/findings.ts';
import type { SourceNote } from '../preconditions/whole-source.ts';
import { count, counted } from '../report/format.ts';
import type { CollectionBalance, Report } from '../report/model.ts';
import type { Source } from '../source/source.ts';
import type { CollectionProgress } from '../state/progress-rows.ts';
import type { Run } from '../state/run.ts';
import type { Checked } from '../steps/check.ts';

const notRun: LayerResult = { status: 'not run', compared: 0 };

export function emptyReport(id: string, command: Report['command'], versions: Report['versions']): Report {
  const now = new Date().toISOString();
  return {
    version: 1,
    id,
    command,
    state: 'running',
    verdict: null,
    exitCode: null,
    writtenAt: now,
    startedAt: now,
    finishedAt: null,
    runId: null,
    versions,
    source: '',
    target: '',
    step: 'check',
    progress: null,
    steps: [],
    throughput: [],
    findings: [],
    layers: { counts: notRun, records: notRun, references: notRun, types: notRun },
    collections: {},
    junctions: {},
    dangling: { inSource: null, toRejected: null, fields: [] },
    keys: {},
    missingCollections: [],
    notCopied: [],
    nextcrm: null,
    failure: null,
    notes: [],
  };
}

/** Both servers, as they were seen. */
export interface Described {
  readonly run: Run;
  readonly source: Source;
  readonly target: string;
  readonly checked: Omit<Checked, 'run'>;
}

export function described({ versions }: Report, { run, source, target, checked }: Described): Partial<Report> {
  return {
    runId: run.id,
    source: source.kind === 'server' ? source.description : `${source.description}, database ${source.database}`,
    target,
    missingCollections: checked.missingCollections,
    notCopied: checked.notCopied,
    versions: {
      ...versions,
      PostgreSQL: checked.versions.postgres,
      pgvector: checked.versions.vector,
      ...(source.version === null ? {} : { MongoDB: source.version }),
    },
  };
}

/** For information: no action is required. */
export function notesOf(
  { collections, missingCollections, notCopied }: Report,
  others: readonly SourceNote[],
  values: readonly ValueCount[],
  { dropped = [] }: Catalog,
): Report['notes'] {
  const unknown = Object.entries(collections).filter(
    ([name, { known, presentName }]) => !known && presentName === null && !dropped.some(({ collection }) => collection === name),
  );
  const renamed = Object.entries(collections).filter(([, { presentName }]) => presentName !== null);
  return [
    ...renamed.map(([name, { presentName, read, taken, leftover }]) =>
      note(
        'RENAMED_COLLECTION',
        `${name} (${counted(read, 'document')}: ${count(taken)} in ${presentName}, ${count(leftover)} unmapped)`,
      ),
    ),
    ...unknown.map(([name, { read }]) => note('UNKNOWN_COLLECTION', `${name} (${counted(read, 'document')})`)),
    ...values.flatMap(valueNotes),
    ...missingCollections.map((name) => note('MISSING_COLLECTION', name)),
    ...notCopied.map((name) => note('NOT_COPIED', name)),
    ...others.map(({ code, place }) => note(code, place)),
  ];
}

function valueNotes({ collection, field, lost, ambiguous }: ValueCount): Report['notes'] {
  const at = (code: NoteCode, values: number, query: string) =>
    values === 0 ? [] : [withQuery(note(code, `${collection}.${field} (${counted(values, 'value')})`), query)];
  return [
    ...at('VALUE_LOST', lost, lostValuesQuery({ collection, field })),
    ...at('NUMBER_AMBIGUOUS', ambiguous, ambiguousNumbersQuery({ collection, field })),
  ];
}

/** What a batch's progress tells before the ledger is counted. */
export function soFar({
  known,
  read,
  loaded,
  malformed,
  seconds,
  bytes,
  fields,
  contentHash,
}: CollectionProgress): CollectionBalance {
  const rejected = known ? read - loaded - malformed : 0;
  const none = { changed: 0, leftover: 0, obsolete: 0, links: 0, changes: {}, rejects: {} };
  return {
    known,
    presentName: null,
    read,
    taken: 0,
    loaded,
    rejected,
    seconds,
    bytes,
    contentHash,
    fields: { total: fields, carried: 0, changed: 0, leftover: 0 },
    ...none,
  };
}

function note(code: NoteCode, place: string): Report['notes'][number] {
  const { what, effect } = adviceFor(code);
  return { code, what: `${place}: ${what} ${effect}` };
}

function withQuery({ code, what }: Report['notes'][number], query: string): Report['notes'][number] {
  return { code, what: `${what} ${query}` };
}

export function loadFinding({ code, collection, field, count, sourceIds, idsHash }: CodeCount): Finding {
  const { what, next } = adviceFor(code, field);
  return { code, layer: 'load', collection, field, count, sourceIds, idsHash, what, next };
}
