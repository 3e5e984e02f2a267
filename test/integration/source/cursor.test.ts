import { type Document, Long, ObjectId } from 'bson';
import { MongoClient } from 'mongodb';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { readInOrder } from '../../../src/source/server/cursor.ts';
import { type RawId, rawIdOf } from '../../../src/source/server/resume.ts';
import type { RawDocument } from '../../../src/source/source.ts';
import { rawDocuments } from '../../support/dump.ts';
import { type MongoServer, mongoServer, mongoUnavailable } from '../../support/mongo.ts';
import { suite } from '../../support/suite.ts';

const test = suite('cursor');

function addTests(server: MongoServer, client: MongoClient): void {
  const db = client.db();

  async function insert(collection: string, documents: readonly Document[]): Promise<void> {
    const { n } = await db.command({ insert: collection, documents });
    assert.is(n, documents.length);
  }

  async function read(collection: string, after: RawId | null): Promise<readonly RawDocument[]> {
    const documents: RawDocument[] = [];
    for await (const message of readInOrder(db.collection(collection), after)) documents.push(...message);
    return documents;
  }

  test('a cursor that the server dropped is opened again behind the last document', async () => {
    await insert(
      'dropped',
      Array.from({ length: 5_000 }, (_, n) => ({ _id: new ObjectId(), n })),
    );
    const ids: Long[] = [];
    let opened = 0;
    client.on('commandSucceeded', ({ commandName, reply }) => {
      if (commandName !== 'find') return;
      opened++;
      ids.push(Long.fromValue((reply as { cursor: { id: number | Long } }).cursor.id));
    });
    const documents: RawDocument[] = [];
    for await (const message of readInOrder(db.collection('dropped'), null)) {
      documents.push(...message);
      const cursors = ids.splice(0);
      if (cursors.length > 0 && opened === 1) await db.command({ killCursors: 'dropped', cursors });
    }
    client.removeAllListeners('commandSucceeded');
    assert.is(opened, 2);
    assert.ok(rawDocuments(documents).equals(rawDocuments(await read('dropped', null))));
    assert.is(documents.length, 5_000);
  });

  test('an _id that the driver cannot send back unaltered is resumed after all the same', async () => {
    const map = (...entries: [string, unknown][]) => new Map(entries);
    // In JavaScript, keys that are whole numbers change places.
    await insert('exotic', [
      { _id: 1 },
      { _id: map(['2', 'x'], ['1', 'y']) },
      { _id: map(['2', 'x'], ['1', 'z']) },
      { _id: new ObjectId() },
    ]);
    const all = await read('exotic', null);
    assert.is(all.length, 4);
    for (const [index, document] of all.entries()) {
      assert.equal(rawDocuments(await read('exotic', rawIdOf(document))), rawDocuments(all.slice(index + 1)));
    }
  });

  test('where the document to continue after is gone and cannot be compared with, the source was changed', async () => {
    await insert('gone', [
      {
        _id: new Map([
          ['2', 'x'],
          ['1', 'y'],
        ]),
      },
      { _id: new ObjectId() },
    ]);
    const [first] = await read('gone', null);
    await db.command({ delete: 'gone', deletes: [{ q: { _id: { $type: 'object' } }, limit: 1 }] });
    const error = await read('gone', first === undefined ? null : rawIdOf(first)).catch((thrown: unknown) => thrown);
    assert.instance(error, Failure);
    assert.is((error as Failure).code, 'SOURCE_CHANGED');
  });

  test('a collection that does not exist has no documents', async () => {
    assert.equal(await read('no_such_collection', null), []);
  });

  test('a client that is closed while a collection is read is not the end of it', async () => {
    const other = new MongoClient(server.url);
    await insert(
      'closed',
      Array.from({ length: 5_000 }, (_, n) => ({ _id: n })),
    );
    try {
      for await (const _ of readInOrder(other.db().collection('closed'), null)) await other.close();
      assert.unreachable();
    } catch (error) {
      assert.is(error instanceof Failure && error.transient, true);
    }
  });
}

const unavailable = await mongoUnavailable();
if (unavailable !== null) {
  test.skip('everything about reading a live server', unavailable);
} else {
  const server = await mongoServer();
  const client = new MongoClient(server.url, { monitorCommands: true });
  test.after(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  addTests(server, client);
}

test.run();
