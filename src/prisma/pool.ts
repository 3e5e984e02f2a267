/** A pool of pg's for the target, given part by part: pg would read the URL's parameters its own way. */
import pg from 'pg';
import type { TargetUrl } from '../config/target-url.ts';

/** One session that stays: the schema engine's advisory lock belongs to it. */
export async function openPool(target: TargetUrl, purpose: string, Client: typeof pg.Client = pg.Client): Promise<pg.Pool> {
  const open = (ssl: pg.PoolConfig['ssl']) =>
    // A session that is lost while nobody waits for an answer is told by this event alone, which ends a process that does not
    // listen to it. The next query tells of it.
    new pg.Pool({ ...configOf(target, purpose), ssl, Client }).on('error', () => undefined);
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

/** A server that has lost its client notices within this time, and gives the engine's lock back. */
const silenceSecondsMax = 30;

/** For a table that another program holds. */
export const lockSecondsMax = 30;

/**
 * The migrations write names without their schema, and a role or a database may have a search_path and limits of its own.
 * Set by name from pg_settings, since not every version and platform has each.
 */
const sessionSettings = `
  select set_config(s.name, w.value, false)
  from (values
    ('search_path', 'public'), ('timezone', 'UTC'), ('client_min_messages', 'warning'),
    ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'), ('transaction_timeout', '0'),
    ('lock_timeout', '${lockSecondsMax}s'), ('tcp_keepalives_idle', '${silenceSecondsMax}'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),
    ('tcp_user_timeout', '${silenceSecondsMax * 1000}'), ('client_connection_check_interval', '5s')
  ) as w (name, value) join pg_settings s on lower(s.name) = w.name`;

async function settle(client: pg.ClientBase): Promise<void> {
  await client.query(sessionSettings);
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
