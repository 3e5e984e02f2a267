import * as assert from 'uvu/assert';
import { finalTable, tableWidthMax } from '../../../src/report/final-table.ts';
import type { Report, ReportedFinding } from '../../../src/report/model.ts';
import { reportText, textLinesMax } from '../../../src/report/text.ts';
import { verdictOf } from '../../../src/report/verdict.ts';
import { suite } from '../../support/suite.ts';
import { accepted, balance, clean, empty, failed, interrupted, running, samples, verified, withFindings } from './samples.ts';

const test = suite('report/text');
const [finding] = withFindings.findings;
if (finding === undefined) throw new Error('the sample has findings');

const hostile: Report = {
  ...withFindings,
  source: `a\u001b[2J\n${'x'.repeat(500)}`,
  collections: {
    [`\u001b[31m${'y'.repeat(200)}`]: balance(123_456_789, {
      changed: 123_456_789,
      leftover: 123_456_789,
      links: 123_456_789,
      seconds: 12_345,
    }),
    b: balance(1),
  },
  findings: Array.from({ length: 50 }, () => ({
    ...finding,
    collection: '\u001b[2J'.repeat(50),
    field: 'z'.repeat(200),
    what: 'word '.repeat(100),
  })),
  failure: { code: 'X', what: 'one\ntwo', next: `many ${'words '.repeat(200)}` },
  notes: [{ code: 'UNKNOWN_COLLECTION', what: 'x'.repeat(1000) }],
};

test('with findings NextCRM is not to be started before they are corrected or accepted', () => {
  const nextcrm = { state: 'not upgraded', restored: false, kinds: [], firstSignIn: [], lookAt: [] } as const;
  assert.match(reportText({ ...clean, nextcrm }), 'Next: start NextCRM once');
  const text = reportText({ ...withFindings, nextcrm });
  assert.not.match(text, 'start NextCRM once');
  assert.match(text, `Next: correct what is found, or accept ${withFindings.id}, and start this again`);
});

for (const [name, report] of Object.entries({ ...samples, hostile })) {
  test(`the text of a report that is "${name}" fits on a screen`, () => {
    const text = reportText(report);
    const lines = text.trimEnd().split('\n');
    assert.ok(lines.length <= textLinesMax, `${lines.length} lines`);
    for (const line of lines) assert.ok(line.length <= 120, line);
    assert.not.match(text, /undefined|NaN|\[object/);
    assert.not.match(text, /[^\P{Cc}\n]/u);
    assert.match(text, /report\.html/);
  });
}

test('the verdict is one sentence for each state', () => {
  const said = [clean, withFindings, accepted, verified, running, interrupted, failed, empty].map(
    (report) => verdictOf(report).headline,
  );
  assert.equal(said, [
    'Completed',
    'Completed with 3 findings',
    'Completed, findings accepted',
    'Verification completed',
    'The migration is running',
    'The migration was interrupted',
    'The migration stopped',
    'The migration stopped',
  ]);
  assert.is(
    verdictOf(withFindings).sentence,
    '9 of 10,257 documents could not be loaded, 1 check failed: 3 findings require action. Everything else is complete.',
  );
});

test('a part of the source that was not loaded is said in the verdict', () => {
  const unread: ReportedFinding = {
    code: 'SOURCE_FILE_UNREAD',
    layer: 'load',
    collection: 'Tasks',
    field: null,
    count: 1,
    sourceIds: ['nextcrm/Tasks.bson.zst'],
    what: 'nextcrm/Tasks.bson.zst is compressed with zstd.',
    next: 'Unpack it with "zstd -d nextcrm/Tasks.bson.zst".',
    query: null,
    correction: null,
    mongosh: null,
  };
  const report: Report = { ...clean, verdict: 'findings', exitCode: 1, findings: [unread] };
  assert.match(verdictOf(report).sentence, /^A part of the source was not loaded: 1 finding requires action/);
  assert.match(
    reportText(report),
    /SOURCE_FILE_UNREAD {2}Tasks \(1\)\n {6}nextcrm\/Tasks\.bson\.zst is compressed with zstd\.\n {6}Next: Unpack it/,
  );
});

test('what to do stands beside a failure', () => {
  assert.match(reportText(failed), /does not answer\.\nWhat to do: Check that it runs/);
});

test('findings are shown with their place and number, and how to accept them', () => {
  const text = reportText(withFindings);
  assert.match(
    text,
    /Action required:\n {2}DUPLICATE_KEY {2}Users\.email \(2 of 8,000\)\n {6}Another document.*\n {6}Next: Decide which/,
  );
  assert.match(text, /records FAILED/);
  assert.match(text, /accept 20260131-094500-77aa/);
  assert.not.match(reportText(accepted), /Action required|: accept /);
});

test('the table has a line for each collection with documents, numbers at the right, and one line for the empty ones', () => {
  const lines = finalTable(withFindings).split('\n');
  assert.match(lines[0] ?? '', /^collection +read +loaded +rejected +changed +unmapped +links +seconds$/);
  assert.match(lines.find((line) => line.startsWith('Users')) ?? '', / 8,000 +7,998 +2 +0 +12 +0 +0\.4$/);
  assert.match(lines.find((line) => line.startsWith('total')) ?? '', / 10,257 +10,231 +9 +67 +29 +735 +0\.5$/);
  assert.is(lines.at(-1), 'empty: Employees, secondBrain_notions');
  const body = lines.slice(0, -1);
  assert.is(new Set(body.map(({ length }) => length)).size, 1, 'all lines end in the same column');
});

test('the table fits 100 columns with the longest names and large numbers', () => {
  const table = finalTable({ ...hostile, missingCollections: Array.from({ length: 29 }, (_, index) => `collection_${index}`) });
  for (const line of table.split('\n')) assert.ok(line.length <= tableWidthMax, `${line.length}: ${line}`);
  assert.not.match(table, /[^\P{Cc}\n]/u);
});

test('the table of an empty source is a table', () => {
  assert.match(finalTable({ ...clean, collections: {}, junctions: {} }), /^collection[\s\S]*total +0 +0/);
});

test.run();
