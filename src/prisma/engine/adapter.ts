/** The driver adapter that the schema engine works through: @prisma/adapter-pg, and what it lacks for migrations. */
import type { EventEmitter } from 'node:events';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import type { TargetUrl } from '../../config/target-url.ts';
import { openPool } from '../pool.ts';

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

export async function adapterFactoryFor(target: TargetUrl): Promise<SqlMigrationAwareDriverAdapterFactory> {
  const factory = new PrismaPg(await openPool(target, 'schema engine', CatalogClient), { schema: 'public' });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => Promise.reject(new Error('This engine does not create shadow databases')),
    connect: async () => {
      const adapter = await factory.connect();
      // The adapter cuts a script at every semicolon, those of function bodies too, and commits piece by piece. As one
      // simple query a migration is one transaction, as with the native engine: it is there as a whole or not at all.
      adapter.executeScript = async (script) => void (await adapter.executeRaw({ sql: script, args: [], argTypes: [] }));
      return adapter;
    },
  };
}
