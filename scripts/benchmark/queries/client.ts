/** Prisma Client as the app has it, with the SQL of each call at hand, on a server that may go away in between. */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../../src/prisma/client/client.ts';
import { modelOf } from '../models.ts';
import type { AppQuery } from './list.ts';

export interface Sent {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export interface AppClient extends AsyncDisposable {
  /** Milliseconds from the call to its result. */
  ask(query: AppQuery, value: unknown): Promise<number>;
  /** What the last call sent. */
  sent(): readonly Sent[];
  /** Opens the connection, so that the next call does not pay for it. */
  connect(): Promise<void>;
}

interface Model {
  findUnique(argument: object): PromiseLike<unknown>;
  findMany(argument: object): PromiseLike<unknown>;
}

export function appClient(url: string): AppClient {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  // A server that restarts ends its connections: the pool opens another one for the next call.
  pool.on('error', () => undefined);
  const client = new PrismaClient({ adapter: new PrismaPg(pool), log: [{ emit: 'event', level: 'query' }] });
  let sent: Sent[] = [];
  client.$on('query', ({ query, params }) => {
    sent.push({ sql: query, parameters: JSON.parse(params) as unknown[] });
  });
  const start = ({ table, call }: AppQuery, value: unknown): PromiseLike<unknown> => {
    if ('sql' in call) return client.$queryRawUnsafe(call.sql, value);
    return modelOf<Model>(client, table)[call.method](call.argument(value));
  };
  return {
    async ask(query, value) {
      sent = [];
      const beganMs = performance.now();
      await start(query, value);
      return performance.now() - beganMs;
    },
    sent: () => sent,
    async connect() {
      await client.$queryRawUnsafe('select 1');
    },
    async [Symbol.asyncDispose]() {
      await client.$disconnect();
      await pool.end();
    },
  };
}
