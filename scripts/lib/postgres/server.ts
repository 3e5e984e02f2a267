/** A PostgreSQL that the tests or the demo brought up. */

/** The tests' own: ends when it is disposed of. */
export interface PostgresServer extends AsyncDisposable {
  /** The database `postgres`, as superuser. */
  readonly url: string;
  /** For people: where it runs. */
  readonly description: string;
}

/** The demo's: stays up after this process. */
export interface LastingServer {
  /** The database `nextcrm`, as superuser. */
  readonly url: string;
  /** For people: where it runs. */
  readonly description: string;
  /** Opens psql on the database; to be typed into a shell. */
  readonly psql: string;
  /** Stops the server and removes what it holds; to be typed into a shell. */
  readonly remove: string;
}
