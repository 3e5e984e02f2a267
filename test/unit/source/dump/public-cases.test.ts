/** Dump folders as public reports of faults have them (test/fixtures/public-cases): what is read of them, and what is told. */
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../../src/catalog/nextcrm.ts';
import { Failure } from '../../../../src/failure.ts';
import { lookForTheRest } from '../../../../src/preconditions/whole-source.ts';
import { openSource } from '../../../../src/source/open.ts';
import { temporaryFolder } from '../../../support/dump.ts';
import { publicCase } from '../../../support/public-cases.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('dump folders of public reports');
const { signal } = new AbortController();
const known = new Set(nextcrm.collections.map(({ collection }) => collection));

async function opened(name: string) {
  const folder = await temporaryFolder();
  const source = await openSource(`file://${await publicCase(name, folder.path)}`, { signal });
  return { source, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** The findings, and the documents of crm_Accounts that are read. */
const cases: readonly (readonly [name: string, findings: readonly string[], accounts: number | null])[] = [
  ['bson-tmp-part', ['SOURCE_FILE_UNREAD crm_Accounts nextcrm/crm_Accounts.bson.part'], null],
  ['bson-zst', ['SOURCE_FILE_UNREAD crm_Accounts nextcrm/crm_Accounts.bson.zst'], null],
  ['case-names', ['COLLECTION_NAME_SIMILAR crm_accounts crm_accounts'], null],
  ['view-known-2', ['VIEW_NOT_COPIED Documents Documents'], 2],
  ['view-meta-with-bson', [], 2],
  ['meta-empty', [], 2],
  ['meta-bom', [], 2],
  ['gz-named-plain', [], 2],
  ['nested-twice', [], 2],
];

for (const [name, findings, accounts] of cases) {
  test(name, async () => {
    await using place = await opened(name);
    const { source } = place;
    const rest = await lookForTheRest(source, known);
    assert.equal(
      rest.findings.map(({ code, collection, sourceIds }) => `${code} ${collection} ${sourceIds.join(' ')}`),
      findings,
    );
    assert.equal(rest.notes, []);
    const names = (await source.collections()).map(({ name: of }) => of);
    assert.is(names.includes('crm_Accounts'), accounts !== null);
    if (accounts === null) return;
    let read = 0;
    for await (const { documents, damage } of source.read('crm_Accounts', null, { documentsMax: 100, bytesMax: 1 << 20 })) {
      assert.equal(damage, []);
      read += documents.length;
    }
    assert.is(read, accounts);
  });
}

for (const [name, next] of [
  ['archive-in-folder', /mongorestore --archive=nextcrm\.archive/],
  ['zip-folder', /unzip backup\.zip/],
] as const) {
  test(name, async () => {
    const failure = await opened(name).then(
      () => assert.unreachable('it should have failed'),
      (error: unknown) => error,
    );
    assert.instance(failure, Failure);
    assert.equal([(failure as Failure).code, (failure as Failure).exit], ['SOURCE_DUMP_ARCHIVE', 2]);
    assert.match((failure as Failure).next, next);
  });
}

test.run();
