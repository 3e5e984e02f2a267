/** A pool of pg's for the target, given part by part: pg would read the URL's parameters its own way. */
import pg from 'pg';
import type { TargetUrl } from '../config/target-url.ts';

/** One session that stays: the schema engine's advisory lock belongs to it. */
export async function openPool(target: TargetUrl, purpose: string, Client: typeof pg.Client = pg.Client): Promise<pg.Pool> {
  const open = (ssl: pg.PoolConfig['ssl']) => new pg.Pool({ ...configOf(target, purpose), ssl, Client });
  if (target.tls !== 'prefer') return open(target.tls);
  const encrypted = () => open({ rejectUnauthorized: false });
  return (await offersTls(encrypted())) ? encrypted() : open(false);
}

function configOf({ host, port, user, password, database, connectTimeoutSeconds }: TargetUrl, purpose: string): pg.PoolConfig {
  return {
    host,
    port,
    user,
    ...(password === '' ? {} : { password }),
    database,
    connectionTimeoutMillis: 1000 * connectTimeoutSeconds,
    application_name: `nextcrm-migrate ${purpose}`,
    max: 1,
    idleTimeoutMillis: 0,
    // The pool waits for it, whatever its declared type says.
    onConnect: (client) => settle(client) as unknown as undefined,
  };
}

/** The migrations write names without their schema, and a role or a database may have a search_path of its own. */
async function settle(client: pg.ClientBase): Promise<void> {
  await client.query(
    "set search_path to public; set timezone to 'UTC'; set statement_timeout to 0; set client_min_messages to warning",
  );
}

/** False only when the server said that it does not speak TLS; any other failure is left to the real connection. */
async function offersTls(probe: pg.Pool): Promise<boolean> {
  try {
    await probe.query('select 1');
    return true;
  } catch (error) {
    return !(error instanceof Error && error.message === 'The server does not support SSL connections');
  } finally {
    await probe.end();
  }
}
