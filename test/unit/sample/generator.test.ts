/** The generator at other sizes and seeds, and its command line. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { accountsOnly, wholeDatabase } from '../../../scripts/sample/plan.ts';
import { suite } from '../../support/suite.ts';
import { deviationsIn } from './deviations.ts';
import { documentsOf, filesOf } from './dump.ts';
import { withFolder, withSample } from './made.ts';

const test = suite('sample: the generator');

test('without dirt nothing deviates from the catalog but the collections without a present name, at any size', async () => {
  for (const size of [1, 300, 10_000, 25_000]) {
    await withSample({ dirt: 'none', plan: wholeDatabase(size) }, (folder) => {
      assert.equal(
        [...deviationsIn(documentsOf(folder)).keys()].sort(),
        ['collection of a former name', 'unknown collection'],
        `${size} documents`,
      );
    });
  }
});

test('a size asked for is the number of documents', async () => {
  await withSample({ plan: wholeDatabase(2_345) }, (folder) => {
    const documents = [...documentsOf(folder).values()].reduce((sum, { length }) => sum + length, 0);
    assert.is(documents, 2_345);
  });
});

test('dirt keeps its share at twice the size', async () => {
  await withSample({ plan: wholeDatabase(20_000) }, (folder) => {
    assert.is(deviationsIn(documentsOf(folder)).get('dangling reference')?.get('crm_Opportunities.sales_stage'), 44);
  });
});

test('accounts alone come with the users and industries that they name, at about 1.2 KB each', async () => {
  await withSample({ plan: accountsOnly(3_000), dirt: 'none' }, (folder) => {
    const dump = documentsOf(folder);
    assert.equal([...dump.keys()], ['Users', 'crm_Accounts', 'crm_Industry_Type']);
    assert.is(dump.get('crm_Accounts')?.length, 3_000);
    assert.equal([...deviationsIn(dump).keys()], []);
    const bytes = (filesOf(folder).get('crm_Accounts.bson')?.length ?? 0) / 3_000;
    assert.ok(bytes > 1_100 && bytes < 1_300, `${bytes} bytes`);
  });
});

test('another seed gives other documents of the same number', async () => {
  await withSample({ seed: 1, plan: wholeDatabase(300) }, async (first) => {
    const one = documentsOf(first);
    await withSample({ seed: 2, plan: wholeDatabase(300) }, (second) => {
      const two = documentsOf(second);
      for (const [collection, documents] of one) assert.is(two.get(collection)?.length, documents.length, collection);
      const ids = new Set(one.get('Users')?.map(({ _id }) => String(_id)));
      assert.not(two.get('Users')?.some(({ _id }) => ids.has(String(_id))));
    });
  });
});

test('each collection has the metadata file of mongodump, with a UUID of its own', async () => {
  await withSample({ gzip: true, plan: wholeDatabase(300) }, (folder) => {
    const files = filesOf(folder);
    const names = [...files.keys()].filter((name) => name.endsWith('.bson')).map((name) => name.slice(0, -'.bson'.length));
    assert.is(names.length, 31);
    const uuids = new Set<string>();
    for (const name of names) {
      const { collectionName, type, uuid, options } = JSON.parse(String(files.get(`${name}.metadata.json`)));
      assert.equal({ collectionName, type, options }, { collectionName: name, type: 'collection', options: {} });
      assert.match(uuid, /^[0-9a-f]{32}$/);
      uuids.add(uuid);
    }
    assert.is(uuids.size, 31);
    assert.is(files.size, 63, 'and prelude.json');
  });
});

test('the command line refuses what it does not understand, with exit code 2 and no stack trace', () => {
  for (const [given, reason] of [
    [[], '--out DIR is missing'],
    [['--out', '.', '--acounts', '3'], '--acounts'],
    [['--out', '.', '--documents', '0'], '--documents requires a whole number'],
    [['--out', '.', '--documents', '3', '--accounts', '3'], 'exclude each other'],
    [['--out', '.', '--clean', '--dirty'], 'exclude each other'],
    [['--out', '.', '--scale', 'big'], '--scale requires a number'],
  ] as const) {
    const { status, stderr } = makeSample(given);
    assert.is(status, 2, given.join(' '));
    assert.ok(stderr.includes(reason), stderr);
    assert.not(stderr.includes('    at '), stderr);
  }
});

test('a folder that holds something already is refused and left alone', async () => {
  await withFolder((out) => {
    mkdirSync(join(out, 'nextcrm'));
    writeFileSync(join(out, 'nextcrm', 'Users.bson'), 'of another dump');
    const { status, stderr } = makeSample(['--out', out, '--documents', '100']);
    assert.is(status, 2);
    assert.match(stderr, /is not empty/);
    assert.is(String(filesOf(join(out, 'nextcrm')).get('Users.bson')), 'of another dump');
    assert.is(filesOf(join(out, 'nextcrm')).size, 1);
  });
});

function makeSample(given: readonly string[]) {
  const program = join(import.meta.dirname, '../../../scripts/sample/main.ts');
  return spawnSync(process.execPath, [program, ...given], { encoding: 'utf8' });
}

test.run();
