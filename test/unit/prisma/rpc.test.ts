import { Readable } from 'node:stream';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import * as assert from 'uvu/assert';
import { serve } from '../../../src/prisma/engine/rpc.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the JSON-RPC of the schema engine');

const commands = {
  version: async () => 'PostgreSQL 16',
  applyMigrations: async (input: { readonly count: number }) => ({ appliedMigrationNames: [`${input.count}`] }),
  reset: async () => undefined,
  diff: async () => ({ exitCode: 2, stdout: 'one table' }),
  schemaPush: async () => {
    throw new Error('external connector error\nERROR: no right\n   0: schema_commands::push\n             at push.rs:1');
  },
};

async function answersTo(...requests: readonly unknown[]): Promise<unknown[]> {
  const sent: unknown[] = [];
  await serve(async () => commands as unknown as SchemaEngine, {
    requests: Readable.from(requests.map((request) => `${JSON.stringify(request)}\n`)),
    send: (message) => sent.push(message),
  });
  return sent;
}

test('a request is answered under its id by the command of its name', async () => {
  const answers = await answersTo(
    { jsonrpc: '2.0', id: 7, method: 'applyMigrations', params: { count: 3 } },
    { jsonrpc: '2.0', id: 8, method: 'getDatabaseVersion' },
  );
  assert.equal(answers, [
    { jsonrpc: '2.0', id: 7, result: { appliedMigrationNames: ['3'] } },
    { jsonrpc: '2.0', id: 8, result: 'PostgreSQL 16' },
  ]);
});

test('a command without a result answers null: the CLI takes a missing one for a broken answer', async () => {
  assert.equal(await answersTo({ jsonrpc: '2.0', id: 1, method: 'reset' }), [{ jsonrpc: '2.0', id: 1, result: null }]);
});

test('what diff found is printed before its answer, and the acknowledgement is no request', async () => {
  const answers = await answersTo({ jsonrpc: '2.0', id: 1, method: 'diff', params: {} }, { jsonrpc: '2.0', id: 1, result: {} });
  assert.equal(answers, [
    { jsonrpc: '2.0', id: 1, method: 'print', params: { content: 'one table' } },
    { jsonrpc: '2.0', id: 1, result: { exitCode: 2, stdout: 'one table' } },
  ]);
});

test("a failed command is answered in the server's words, without the engine's own trace", async () => {
  const message = 'ERROR: no right';
  assert.equal(await answersTo({ jsonrpc: '2.0', id: 1, method: 'schemaPush' }), [
    { jsonrpc: '2.0', id: 1, error: { code: 4466, message, data: { is_panic: false, message } } },
  ]);
});

test('an unknown command, or one of every object, is refused', async () => {
  for (const method of ['unknown', 'toString', 'constructor']) {
    const [answer] = await answersTo({ jsonrpc: '2.0', id: 1, method });
    assert.match(JSON.stringify(answer), `Unknown method ${method}`);
  }
});

test.run();
