/** The command line of `scripts/bench`. */
import { parseArgs } from 'node:util';

export const usage = `usage: scripts/bench [--documents N] [--rounds N] [--growth N,N,…] [--alternatives N] [--mongodb URL] [--server URL]
       scripts/bench --accounts N --only load [--rounds N] [--server URL]
       scripts/bench --queries [--documents N] [--restarts N]

Measures the migration, its limits and its alternatives, and writes docs/performance.json,
docs/performance.md and docs/pictures/performance.svg (--dry: only prints the tables).

  --documents N   of all collections, in the sample's proportions (default 1000000)
  --accounts N    documents of crm_Accounts (default 300000, in addition; with --only load: only these)
  --only load     only the load, compared with psql \\copy; only printed
  --rounds N      repetitions of each measurement; medians are reported (default 3)
  --growth N,N    further sizes (default 10000,100000; add 10000000 for the long way)
  --alternatives N  documents for the slow alternatives, createMany and inserts (default 100000)
  --mongodb URL   a MongoDB server to measure whole runs from it, and mongodump, in databases of their own
  --server URL    a PostgreSQL with pgvector, as superuser (default: one of its own, embedded, with stock settings)
  --queries       the app's queries on a migrated database instead
  --restarts N    of the server, for the cold figures of --queries (default 20)
  --dry           does not write docs/`;

export interface Options {
  readonly documents: number | null;
  readonly accounts: number | null;
  readonly rounds: number;
  readonly growth: readonly number[];
  readonly alternatives: number;
  readonly mongodb: string | null;
  readonly server: string | null;
  readonly queries: boolean;
  readonly restarts: number;
  readonly dry: boolean;
}

/** Null: help was asked for. Throws TypeError for what is no option. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      documents: { type: 'string' },
      accounts: { type: 'string' },
      only: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      growth: { type: 'string', default: '10000,100000' },
      alternatives: { type: 'string', default: '100000' },
      mongodb: { type: 'string' },
      server: { type: 'string' },
      queries: { type: 'boolean', default: false },
      restarts: { type: 'string', default: '20' },
      dry: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  if (values.only !== undefined && values.only !== 'load') throw new TypeError('--only takes: load');
  const onlyLoad = values.only === 'load';
  return {
    documents: onlyLoad ? null : count('--documents', values.documents ?? '1000000'),
    accounts: count('--accounts', values.accounts ?? '300000'),
    rounds: count('--rounds', values.rounds),
    growth: values.growth.split(',').map((size) => count('--growth', size)),
    alternatives: count('--alternatives', values.alternatives),
    mongodb: values.mongodb ?? null,
    server: values.server ?? null,
    queries: values.queries,
    restarts: count('--restarts', values.restarts),
    dry: values.dry || onlyLoad,
  };
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new TypeError(`${option} requires a whole number from 1 on`);
  return number;
}
