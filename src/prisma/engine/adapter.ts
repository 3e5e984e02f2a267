/** The driver adapter that the schema engine works through: one session, and what @prisma/adapter-pg lacks for migrations. */
import type { EventEmitter } from 'node:events';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import type { Connection } from './connection.ts';

/** `"char"`, which PostgreSQL's own catalog uses and the adapter refuses; its text form is that of `text`. */
const charOid = 18;
const textOid = 25;

/** Reports `"char"` columns as text. Remove when @prisma/adapter-pg maps oid 18. */
class CatalogClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // pg does not declare its connection; our listener comes before the client's own, which it attaches when connecting.
    const { connection } = this as unknown as { readonly connection: EventEmitter };
    connection.on('rowDescription', ({ fields }: { readonly fields: { dataTypeID: number }[] }) => {
      for (const field of fields) if (field.dataTypeID === charOid) field.dataTypeID = textOid;
    });
  }
}

export async function adapterFactoryFor(connection: Connection): Promise<SqlMigrationAwareDriverAdapterFactory> {
  const pool = await openPool(connection);
  const factory = new PrismaPg(pool, { schema: 'public' });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => Promise.reject(new Error('This engine makes no shadow database')),
    connect: async () => {
      const adapter = await factory.connect();
      // The adapter cuts a script at every semicolon, those of function bodies too, and commits piece by piece. As one
      // simple query a migration is one transaction, as with the native engine: it is there as a whole or not at all.
      adapter.executeScript = async (script) => void (await adapter.executeRaw({ sql: script, args: [], argTypes: [] }));
      return adapter;
    },
  };
}

async function openPool({ pool, tls }: Connection): Promise<pg.Pool> {
  const withTls = () => sessionPool({ ...pool, ssl: tls.options });
  const plain = () => sessionPool({ ...pool, ssl: false });
  if (tls.use === 'never') return plain();
  if (tls.use === 'always') return withTls();
  return (await offersTls(withTls)) ? withTls() : plain();
}

/** False only when the server said that it does not speak TLS; any other failure is left to the real connection. */
async function offersTls(open: () => pg.Pool): Promise<boolean> {
  const probe = open();
  try {
    await probe.query('select 1');
    return true;
  } catch (error) {
    return !(error instanceof Error && error.message === 'The server does not support SSL connections');
  } finally {
    await probe.end();
  }
}

/** One session that stays: the engine's advisory lock belongs to it. */
function sessionPool(config: pg.PoolConfig): pg.Pool {
  return new pg.Pool({ ...config, Client: CatalogClient, max: 1, idleTimeoutMillis: 0, onConnect: (client) => settle(client) });
}

/** The migrations write names without their schema, and a role or a database may have a search_path of its own. */
async function settle(client: pg.ClientBase): Promise<void> {
  await client.query("set search_path to public; set timezone to 'UTC'");
}
