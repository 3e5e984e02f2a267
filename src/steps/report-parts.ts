/** The pieces that a report is put together from. */
import { adviceFor } from '../report/advice.ts';
import type { CollectionBalance, Finding, LayerResult, Report } from '../report/model.ts';
import type { CodeCount } from '../state/load-findings.ts';
import type { CollectionProgress } from '../state/progress-rows.ts';

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
    upgrade: null,
    failure: null,
    notes: [],
  };
}

/** What is no reason for a person to act, and yet to be known. */
export function notesOf({ collections, missingCollections, notCopied }: Report): Report['notes'] {
  const unknown = Object.entries(collections).filter(([, balance]) => !balance.known);
  return [
    ...unknown.map(([name, { read }]) =>
      note(
        'UNKNOWN_COLLECTION',
        `${name} is no collection of NextCRM: its ${read} documents are kept in nextcrm_migration.leftover.`,
      ),
    ),
    ...missingCollections.map((name) => note('MISSING_COLLECTION', `The source has no collection ${name}: its table is empty.`)),
    ...notCopied.map((name) => note('NOT_COPIED', `${name} is a view or a system collection: it is not copied.`)),
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
  const none = { changed: 0, leftover: 0, links: 0, changes: {}, rejects: {} };
  return {
    known,
    read,
    loaded,
    rejected,
    seconds,
    bytes,
    contentHash,
    fields: { total: fields, carried: 0, changed: 0, leftover: 0 },
    ...none,
  };
}

function note(code: string, what: string): Report['notes'][number] {
  return { code, what };
}

export function loadFinding({ code, collection, field, count, sourceIds, idsHash }: CodeCount): Finding {
  return { code, layer: 'load', collection, field, count, sourceIds, idsHash, ...adviceFor(code) };
}
