/** The JSON-RPC that the Prisma CLI speaks with its schema engine: one object a line, requests in, answers out. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { messageOf } from './message.ts';

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data: object } };

export interface Wire {
  readonly requests: Readable;
  /** Writes one line. */
  readonly send: (message: object) => void;
}

/** JSON-RPC's own code for "method not found", and the engine's for a failed command. */
const methodNotFound = -32601;
const commandFailed = 4466;

/** Answers until the CLI closes its end. The engine is opened by the first request: a CLI that asks nothing needs no server. */
export async function serve(openEngine: () => Promise<SchemaEngine>, { requests, send }: Wire): Promise<void> {
  let engine: Promise<SchemaEngine> | undefined;
  for await (const line of createInterface({ input: requests, crlfDelay: Number.POSITIVE_INFINITY })) {
    const request = requestIn(line);
    if (request === undefined) continue;
    engine ??= openEngine();
    const answer = await answerTo(request, engine, send);
    send({ jsonrpc: '2.0', id: request.id, ...answer });
  }
}

/** Undefined for what asks nothing: the CLI's acknowledgement of a `print`. */
function requestIn(line: string): Request | undefined {
  const message: unknown = JSON.parse(line);
  if (typeof message !== 'object' || message === null || !('method' in message) || !('id' in message)) return undefined;
  if (typeof message.method !== 'string' || typeof message.id !== 'number') return undefined;
  return { id: message.id, method: message.method, params: 'params' in message ? message.params : undefined };
}

async function answerTo(request: Request, opening: Promise<SchemaEngine>, send: Wire['send']): Promise<Answer> {
  try {
    const engine = await opening;
    const command = commandOf(engine, request.method);
    if (command === undefined) return failure(methodNotFound, `Unknown method ${request.method}`);
    const result = (await command(request.params)) ?? null;
    // The native engine prints what `diff` found by calling back, before it answers.
    if (request.method === 'diff')
      send({ jsonrpc: '2.0', id: request.id, method: 'print', params: { content: printed(result) } });
    return { result };
  } catch (error) {
    return failure(commandFailed, messageOf(error));
  }
}

/** The CLI's name of a command, and the engine's where it is another. */
const commands: ReadonlyMap<string, keyof SchemaEngine> = new Map([
  ['applyMigrations', 'applyMigrations'],
  ['createMigration', 'createMigration'],
  ['dbExecute', 'dbExecute'],
  ['devDiagnostic', 'devDiagnostic'],
  ['diagnoseMigrationHistory', 'diagnoseMigrationHistory'],
  ['diff', 'diff'],
  ['ensureConnectionValidity', 'ensureConnectionValidity'],
  ['evaluateDataLoss', 'evaluateDataLoss'],
  ['getDatabaseVersion', 'version'],
  ['introspect', 'introspect'],
  ['introspectSql', 'introspectSql'],
  ['markMigrationApplied', 'markMigrationApplied'],
  ['markMigrationRolledBack', 'markMigrationRolledBack'],
  ['reset', 'reset'],
  ['schemaPush', 'schemaPush'],
]);

function commandOf(engine: SchemaEngine, method: string): ((params: unknown) => Promise<unknown>) | undefined {
  const name = commands.get(method);
  if (name === undefined) return undefined;
  // Each takes the CLI's parameters as they are: engine and CLI are of one version.
  const command = engine[name] as (params: unknown) => Promise<unknown>;
  return (params) => command.call(engine, params);
}

function printed(result: unknown): string {
  return typeof result === 'object' && result !== null && 'stdout' in result && typeof result.stdout === 'string'
    ? result.stdout
    : '';
}

function failure(code: number, message: string): Answer {
  return { error: { code, message, data: { is_panic: false, message } } };
}
