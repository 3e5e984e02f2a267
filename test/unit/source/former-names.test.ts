import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { sourceIdOf } from '../../../src/bson/source-id.ts';
import type { Catalog } from '../../../src/catalog/index.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { withFormerNames } from '../../../src/source/former-names.ts';
import { openSource } from '../../../src/source/open.ts';
import type { Source, SourceBatch } from '../../../src/source/source.ts';
import { byPresentNames } from '../../../src/validate/former-names.ts';
import { type DumpContent, rawDocuments, temporaryFolder, writeDump } from '../../support/dump.ts';
import { suite } from '../../support/suite.ts';

const test = suite('former names of collections');
const signal = new AbortController().signal;
const one = { documentsMax: 1, bytesMax: 1 };
const catalog: Catalog = {
  ...nextcrm,
  collections: [{ collection: 'now', formerly: ['older', 'oldest'], columns: {}, links: {} }],
  junctions: [],
  lookupTables: [],
};
const content = {
  now: [{ _id: 1 }, { _id: 2 }],
  older: [
    { _id: 2, from: 'older' },
    { _id: 3, from: 'older' },
    { _id: 4, from: 'older' },
  ],
  oldest: [
    { _id: 1, from: 'oldest' },
    { _id: 4, from: 'oldest' },
    { _id: 5, from: 'oldest' },
  ],
  other: [{ _id: 1 }],
};

async function withSource(dump: DumpContent, use: (source: Source, base: Source, folder: string) => Promise<void>) {
  await using temporary = await temporaryFolder();
  await writeDump(temporary.path, dump);
  await using base = await openSource(temporary.url, { signal });
  await use(await withFormerNames(base, catalog), base, temporary.path);
}

type Read = Pick<Source, 'read'>;

async function batchesOf(source: Read, collection: string, position: string | null = null) {
  const batches: SourceBatch[] = [];
  for await (const batch of source.read(collection, position, one)) batches.push(batch);
  return batches.filter(({ documents, damage }) => documents.length > 0 || damage.length > 0);
}

const idsOf = (batches: readonly SourceBatch[]) =>
  batches.flatMap(({ documents, formerName }) =>
    [...documents].map((document) => `${formerName ?? 'now'} ${/\d+/.exec(sourceIdOf(document).slice(14))?.[0]}`),
  );

test('a document belongs to the present name where its _id is free there, and to its own name elsewhere', () =>
  withSource(content, async (source, base) => {
    // The load and the proof each by their own code.
    for (const view of [source, byPresentNames(base, catalog)] as readonly Read[]) {
      assert.equal(idsOf(await batchesOf(view, 'now')), ['now 1', 'now 2', 'older 3', 'older 4', 'oldest 5']);
      assert.is((await batchesOf(view, 'older')).length, 1);
      assert.is((await batchesOf(view, 'oldest')).length, 2);
      assert.is((await batchesOf(view, 'other')).length, 1);
    }
  }));

test('reading continues after any batch, in whichever collection that was', () =>
  withSource(content, async (source) => {
    const all = await batchesOf(source, 'now');
    for (const [index, { position }] of all.entries())
      assert.equal(idsOf(await batchesOf(source, 'now', position)), idsOf(all.slice(index + 1)), position);
  }));

test('a document is found under the name that it belongs to', () =>
  withSource(content, async (source, base) => {
    const ids = new Set([1, 2, 3, 4, 5].map((n) => `{"$numberInt":"${n}"}`));
    for (const view of [source, byPresentNames(base, catalog)]) {
      const found = async (collection: string) => {
        const documents: Uint8Array[] = [];
        for await (const document of view.find(collection, ids)) documents.push(document);
        return rawDocuments(documents);
      };
      assert.equal(await found('now'), rawDocuments([...content.now, ...content.older.slice(1), ...content.oldest.slice(2)]));
      assert.equal(await found('older'), rawDocuments(content.older.slice(0, 1)));
      assert.equal(await found('oldest'), rawDocuments(content.oldest.slice(0, 2)));
    }
  }));

test('the present name is there, and empty or not, where only a former one is', () =>
  withSource({ older: content.older }, async (source, base) => {
    for (const view of [source, byPresentNames(base, catalog)]) {
      assert.equal((await view.collections()).map(({ name }) => name).sort(), ['now', 'older']);
      assert.is((await batchesOf(view as Read, 'now')).length, 3);
    }
    assert.not.ok(await source.isEmpty('now'));
  }));

test('damage of a former collection is reported once, with the present name and its own file', () =>
  withSource(content, async (_, __, folder) => {
    await appendFile(join(folder, 'older.bson'), Buffer.from([200, 0, 0, 0, 7]));
    await using base = await openSource(`file://${folder}`, { signal });
    for (const view of [await withFormerNames(base, catalog), byPresentNames(base, catalog)] as readonly Read[]) {
      const damage = async (name: string) => (await batchesOf(view, name)).flatMap((batch) => batch.damage);
      assert.equal(
        (await damage('now')).map(({ file }) => file),
        ['older.bson'],
      );
      assert.equal(await damage('older'), []);
    }
  }));

test('of a dump, the collections before are passed over once for many batches, not for each', () =>
  withSource(content, async (_, base) => {
    const sought: string[] = [];
    const counted = new Proxy(base, {
      get(source, name) {
        const value: unknown = Reflect.get(source, name);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]): unknown => {
          if (name === 'find') sought.push(String(args[0]));
          return Reflect.apply(value, source, args);
        };
      },
    });
    for (const view of [await withFormerNames(counted, catalog), byPresentNames(counted, catalog)] as readonly Read[]) {
      for (const name of ['now', 'older', 'oldest']) await batchesOf(view, name);
      assert.equal(sought.splice(0), ['now', 'now', 'older', 'now', 'now', 'older']);
    }
  }));

test('a source without a collection of a former name is read as it is', () =>
  withSource({ now: content.now }, async (source, base) => assert.is(source, base)));

test('the proof lists the collections once, however much it asks: a server counts every one of them', async () => {
  await withSource(content, async (_, base) => {
    let lists = 0;
    const counted = new Proxy(base, {
      get(source, name) {
        if (name === 'collections') lists += 1;
        const value: unknown = Reflect.get(source, name);
        return typeof value === 'function' ? value.bind(source) : value;
      },
    });
    const view = byPresentNames(counted, catalog);
    for (const collection of ['now', 'older', 'oldest', 'other']) {
      await batchesOf(view, collection);
      await Array.fromAsync(view.find(collection, new Set(['{"$numberInt":"4"}'])));
      await view.countApart(collection);
      await view.collections();
    }
    assert.is(lists, 1);
  });
});

test.run();
