/** A PostgreSQL that the tests or the demo brought up. */
export interface PostgresServer extends AsyncDisposable {
  /** The database `postgres`, as superuser. */
  readonly url: string;
  /** For people: where it runs. */
  readonly description: string;
}
