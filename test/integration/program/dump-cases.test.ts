/** Dump folders as public reports of faults have them (../shared/cases), through the real program; all of them: test/unit/source/dump. */
import * as assert from 'uvu/assert';
import { isRejectCode } from '../../../src/findings/codes.ts';
import { loadableDatabase } from '../../support/loadable-database.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { sharedCase, sharedCasesUnavailable } from '../../support/shared-cases.ts';
import { suite } from '../../support/suite.ts';

const suiteOfCases = suite('dump folders of public reports');
const test = suiteOfCases.unless(sharedCasesUnavailable);

/** The exit code, the findings but for rejected documents, and how many rows of which table must be there. */
const cases: readonly (readonly [name: string, exit: number, findings: readonly string[], table: string, rows: number])[] = [
  ['bson-tmp-part', 1, ['SOURCE_FILE_UNREAD crm_Accounts nextcrm/crm_Accounts.bson.part'], 'crm_Accounts', 0],
  ['view-known-2', 1, ['VIEW_NOT_COPIED Documents Documents'], 'Documents', 0],
  ['view-meta-with-bson', 0, [], 'crm_Accounts', 2],
];

for (const [name, exit, findings, table, rows] of cases) {
  test(name, async () => {
    await using place = await workplace();
    await using database = await loadableDatabase();
    const url = dumpUrl(await sharedCase(name, place.folder));
    const ended = await place.run([], { MONGODB_URL: url, DATABASE_URL: database.url });
    const report = await place.report();
    assert.equal(
      report.findings
        .filter(({ code }) => !isRejectCode(code))
        .map(({ code, collection, sourceIds }) => `${code} ${collection} ${sourceIds.join(' ')}`),
      findings,
    );
    assert.is(ended.exit, exit, ended.output);
    await using session = await testSession(database.url);
    const [row] = await session.query<{ n: string }>(`select count(*) as n from public."${table}"`);
    assert.is(Number(row?.n), rows);
  });
}

suiteOfCases.run();
