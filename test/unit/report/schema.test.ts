import * as assert from 'uvu/assert';
import { reportFiles } from '../../../src/report/files.ts';
import type { Report } from '../../../src/report/model.ts';
import { parsedReport, schemaErrors } from '../../support/report-schema.ts';
import { suite } from '../../support/suite.ts';
import { clean, failed, running, samples, withFindings } from './samples.ts';

const test = suite('report/schema');

for (const [name, report] of Object.entries(samples)) {
  test(`the report that is "${name}" keeps the published schema`, () => {
    assert.equal(parsedReport(String(reportFiles(report)['report.json'])), report);
  });
}

const [finding] = withFindings.findings;
const broken: Readonly<Record<string, unknown>> = {
  'a property that is not documented': { ...clean, more: 1 },
  'a missing property': { ...clean, steps: undefined },
  'another version': { ...clean, version: 2 },
  'a success with a finding': { ...clean, findings: [finding] },
  'a success with a layer that failed': { ...clean, layers: { ...clean.layers, types: { status: 'failed', compared: 1 } } },
  'a success with a layer that did not run': { ...clean, layers: running.layers },
  'findings without one': { ...withFindings, findings: [] },
  'findings with exit code 0': { ...withFindings, exitCode: 0 },
  'more than 20 ids': { ...withFindings, findings: [{ ...finding, sourceIds: Array.from({ length: 21 }, String) }] },
  'a finding without its next step': { ...withFindings, findings: [{ ...finding, next: '' }] },
  'a finding of nothing': { ...withFindings, findings: [{ ...finding, count: 0 }] },
  'a code that is a sentence': { ...withFindings, findings: [{ ...finding, code: 'Not found' }] },
  'a failure without a reason': { ...failed, failure: null },
  'a running report with a verdict': { ...running, verdict: 'success' },
  'a finished report that is still at a step': { ...clean, step: 'load' },
  'a negative number': { ...clean, collections: { a: { ...clean.collections['Users'], loaded: -1 } } },
  'a hash that is none': { ...clean, collections: { a: { ...clean.collections['Users'], contentHash: 'x' } } },
  'a time that is no UTC': { ...clean, writtenAt: '2026-01-31T09:45:12+01:00' },
};

for (const [name, report] of Object.entries(broken)) {
  test(`the schema refuses ${name}`, () => {
    assert.ok(schemaErrors(JSON.parse(JSON.stringify(report))).length > 0);
  });
}

test('an error names its place', () => {
  const report: Report = { ...clean, exitCode: 9 };
  assert.match(schemaErrors(report).join('\n'), /^\/exitCode must be equal to one of the allowed values/m);
});

test.run();
