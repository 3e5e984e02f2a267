/** Reports in each of their states, as a real run makes them. */
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { adviceFor } from '../../../src/findings/advice.ts';
import type { Finding } from '../../../src/findings/finding.ts';
import type { CollectionBalance, Report, ReportedFinding, StepResult } from '../../../src/report/model.ts';
import { queryFor } from '../../../src/report/queries.ts';
import { statementsFor } from '../../../src/report/statements.ts';
import type { TableKeys } from '../../../src/target/key-counts.ts';

export function balance(read: number, part: Partial<CollectionBalance> = {}): CollectionBalance {
  const rejected = part.rejected ?? 0;
  return {
    known: true,
    presentName: null,
    read,
    taken: 0,
    loaded: read - rejected,
    rejected,
    changed: 0,
    leftover: 0,
    obsolete: 0,
    links: 0,
    seconds: read / 20_000,
    bytes: read * 1_200,
    fields: { total: read * 12, carried: read * 12, changed: 0, leftover: 0 },
    changes: {},
    rejects: {},
    contentHash: '0123456789abcdef0123456789abcdef',
    ...part,
  };
}

const done = (name: string, title: string, seconds: number): StepResult => ({ name, title, state: 'done', seconds });

/** Documents of a step that went at about `rate` a second. */
const samplesOf = (fromSeconds: number, seconds: number, documents: number) =>
  Array.from({ length: 21 }, (_, index) => ({
    seconds: fromSeconds + (seconds * index) / 20,
    documents: Math.round((documents * (index + (index % 3) / 4)) / 20.5),
  }));

const keys = (indexes: number, foreignKeys: number): TableKeys => ({
  indexes,
  validIndexes: indexes,
  foreignKeys,
  validatedForeignKeys: foreignKeys,
});

const passed = (compared: number) => ({ status: 'passed', compared }) as const;
const notRun = { status: 'not run', compared: 0 } as const;

export const clean: Report = {
  version: 1,
  id: '20260131-094500-3f2a',
  command: 'migrate',
  state: 'finished',
  verdict: 'success',
  exitCode: 0,
  writtenAt: '2026-01-31T09:45:12.345Z',
  startedAt: '2026-01-31T09:45:00.000Z',
  finishedAt: '2026-01-31T09:45:12.300Z',
  runId: '0198f1a2-0000-7000-8000-000000000001',
  versions: { 'nextcrm-migrate': '0.1.0', Prisma: '7.10.0', PostgreSQL: '16.14', pgvector: '0.8.5' },
  source: 'dump in /data/dump/nextcrm, database nextcrm',
  target: 'localhost:5432/nextcrm',
  step: null,
  progress: null,
  steps: [
    done('schema', 'Create schema', 2.1),
    done('load', 'Load documents', 1.4),
    done('index', 'Build keys and indexes', 1.9),
    done('validate', 'Validate every record', 3.2),
  ],
  throughput: [
    { step: 'load', samples: samplesOf(2.2, 1.4, 10_240) },
    { step: 'validate', samples: samplesOf(5.6, 3.2, 10_240) },
  ],
  findings: [],
  layers: { counts: passed(39), records: passed(10_240), references: passed(34_567), types: passed(612) },
  collections: {
    Boards: balance(40, { links: 120 }),
    Documents: balance(310, { links: 540 }),
    Employees: balance(0),
    Sections: balance(160),
    Tasks: balance(620, { changed: 3, changes: { NUMBER_FROM_STRING: 3 } }),
    Users: balance(8_000, { leftover: 12 }),
    crm_Accounts: balance(420, { links: 75 }),
    crm_Opportunities: balance(600, { changed: 26, changes: { DANGLING_REFERENCE: 22, ROUNDED: 4 } }),
    tasksComments: balance(90, { changed: 38, changes: { TASK_REDIRECTED: 38 } }),
  },
  junctions: { _watching_boards: { pairs: 120, dangling: 0 }, _DocumentsToTasks: { pairs: 615, dangling: 2 } },
  dangling: {
    inSource: 24,
    toRejected: 0,
    fields: [
      { collection: 'Documents', field: 'tasksIDs', code: 'LINK_DANGLING', count: 2 },
      { collection: 'crm_Opportunities', field: 'sales_stage', code: 'DANGLING_REFERENCE', count: 22 },
    ],
  },
  keys: { Users: keys(2, 0), crm_Accounts: keys(6, 3), _DocumentsToTasks: keys(2, 2) },
  missingCollections: ['secondBrain_notions'],
  notCopied: ['system.views'],
  nextcrm: {
    state: 'not upgraded',
    restored: false,
    kinds: [
      {
        what: 'Statuses of leads',
        where: 'entries of crm_Lead_Statuses',
        home: true,
        count: 204,
        query: 'select status, count(*) from nextcrm_archive."crm_Leads" group by 1;',
        secrets: false,
      },
      {
        what: 'API keys for OpenAI',
        where: 'no place in NextCRM',
        home: false,
        count: 2,
        query: 'select * from nextcrm_archive."openAi_keys";',
        secrets: true,
      },
      { what: 'GPT models', where: 'no place in NextCRM', home: false, count: 0, query: 'select 1;', secrets: false },
    ],
    firstSignIn: [
      { text: 'Passwords no longer work.', ids: [] },
      { text: 'Users whose addresses differ only in upper and lower case: 2.', ids: ['id-1', 'id-2'] },
    ],
    lookAt: [{ text: 'Boards: 40. Managers can see the private boards of others.', ids: [] }],
  },
  failure: null,
  notes: [
    { code: 'MISSING_COLLECTION', what: 'secondBrain_notions: The source does not have this collection. Its table is empty.' },
    { code: 'NOT_COPIED', what: 'system.views: This is a view or a system collection of MongoDB (system.…).' },
  ],
};

function adviceOf(code: string): { readonly what: string; readonly next: string } {
  const { what, next } = adviceFor(code);
  return { what, next };
}

const queryOf = (finding: Finding): ReportedFinding => ({
  ...finding,
  query: queryFor(finding, nextcrm),
  ...statementsFor(finding, nextcrm, 'server'),
});

export const withFindings: Report = {
  ...clean,
  id: '20260131-094500-77aa',
  verdict: 'findings',
  exitCode: 1,
  layers: { ...clean.layers, records: { status: 'failed', compared: 10_240 } },
  collections: {
    ...clean.collections,
    Users: balance(8_000, { rejected: 2, leftover: 12, rejects: { DUPLICATE_KEY: 2 } }),
    tasksComments: balance(90, { rejected: 7, rejects: { MISSING_REQUIRED: 7 }, changed: 38, changes: { TASK_REDIRECTED: 38 } }),
    audit_log: balance(17, { known: false, loaded: 0, leftover: 17, fields: { total: 0, carried: 0, changed: 0, leftover: 0 } }),
  },
  findings: [
    queryOf({
      code: 'DUPLICATE_KEY',
      layer: 'load',
      collection: 'Users',
      field: 'email',
      count: 2,
      sourceIds: ['64f1a2b3c4d5e6f708192a3b', '64f1a2b3c4d5e6f708192a3c'],
      ...adviceOf('DUPLICATE_KEY'),
    }),
    queryOf({
      code: 'MISSING_REQUIRED',
      layer: 'load',
      collection: 'tasksComments',
      field: 'comment',
      count: 7,
      sourceIds: ['64f1a2b3c4d5e6f708192a40', '{"$oid":"x"}'],
      ...adviceOf('MISSING_REQUIRED'),
    }),
    queryOf({
      code: 'FIELD_DIFFERS',
      layer: 'records',
      collection: 'crm_Opportunities',
      field: 'budget',
      count: 1,
      sourceIds: ['64f1a2b3c4d5e6f708192a50'],
      ...adviceOf('FIELD_DIFFERS'),
    }),
  ],
  notes: [
    ...clean.notes,
    {
      code: 'UNKNOWN_COLLECTION',
      what: 'audit_log (17 documents): This is not a NextCRM collection. Its documents are preserved in nextcrm_migration.leftover, with field NULL.',
    },
  ],
};

export const running: Report = {
  ...clean,
  id: '20260131-094500-0001',
  state: 'running',
  verdict: null,
  exitCode: null,
  finishedAt: null,
  step: 'load',
  progress: { name: 'Documents', unit: 'documents', done: 120, total: 310, fraction: 0.387 },
  steps: [
    ...clean.steps.slice(0, 1),
    { name: 'load', title: 'Load documents', state: 'under way', seconds: 0.4 },
    { name: 'index', title: 'Build keys and indexes', state: 'to come', seconds: 0 },
  ],
  throughput: [{ step: 'load', samples: samplesOf(2.2, 0.4, 160) }],
  layers: { counts: notRun, records: notRun, references: notRun, types: notRun },
  collections: { Boards: balance(40), Documents: balance(120) },
  junctions: {},
  dangling: { inSource: null, toRejected: null, fields: [] },
  keys: {},
  notes: [],
};

export const failed: Report = {
  ...running,
  steps: running.steps.map((step) => (step.state === 'under way' ? { ...step, state: 'stopped' } : step)),
  id: '20260131-094500-0003',
  state: 'failed',
  exitCode: 4,
  failure: {
    code: 'TARGET_UNREACHABLE',
    what: 'The server at localhost:5432/nextcrm does not answer.',
    next: 'Check that it runs and can be reached from here, then start again: the migration resumes where it stopped.',
  },
};

export const interrupted: Report = {
  ...failed,
  id: '20260131-094500-0002',
  state: 'interrupted',
  exitCode: 5,
  failure: {
    code: 'INTERRUPTED',
    what: 'The migration was asked to stop (SIGTERM).',
    next: 'Start it again: it resumes where it stopped.',
  },
};

/** At the very start nothing is known. */
export const empty: Report = {
  ...failed,
  id: '20260131-094500-0004',
  source: '',
  target: '',
  runId: null,
  step: 'check',
  progress: null,
  steps: [],
  throughput: [],
  versions: { 'nextcrm-migrate': '0.1.0', Prisma: '7.10.0' },
  collections: {},
  missingCollections: [],
  notCopied: [],
};

export const accepted: Report = { ...withFindings, id: '20260131-094500-0005', verdict: 'accepted', exitCode: 0 };

export const verified: Report = { ...clean, id: '20260131-094500-0006', command: 'verify' };

export const samples: Readonly<Record<string, Report>> = {
  clean,
  withFindings,
  running,
  interrupted,
  failed,
  empty,
  accepted,
  verified,
};
