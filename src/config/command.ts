/** The command line: which of the few commands it is. */
import { exitCodes, Failure } from '../failure.ts';
import { isReportId } from '../report/report-id.ts';

export type Command =
  | { readonly name: 'migrate' | 'verify' | 'status' | 'help' | 'version' }
  | { readonly name: 'accept'; readonly reportId: string };

export const usage = `Migrates a self-hosted NextCRM from MongoDB to PostgreSQL.

Usage: nextcrm-migrate [verify | status | accept ID | --help | --version]

  (no command)   run the migration, or resume it; once it has completed, do nothing
  verify         validate again: compare source and target (read-only), write a new report
  status         show the state of the migration; needs only the volume
  accept ID      accept the findings of report ID; later runs exit with 0
  --help         show this help
  --version      show the version

  MONGODB_URL    the source: mongodb://…, mongodb+srv://…, or file:… with a mongodump output folder
  DATABASE_URL   the target: postgresql://user:password@host:5432/database
  NEXTCRM_PRISMA the folder prisma/ of the NextCRM release that you will start: its migrations are applied in the same run
  MIGRATION_DIR  the folder for checkpoint, log and reports (default: ./migration-data; in the image: /data)

  MONGODB_URL_FILE and DATABASE_URL_FILE read the value from a file. A file .env is read.

Exit codes: 0 success · 1 completed with findings · 2 configuration or usage · 3 source · 4 target · 5 interrupted · 6 another run · 70 bug

From a checkout:    scripts/migrate accept 20260131-094500-3f2a
With the image:     docker compose -f docker-compose.migrate.yml run --rm migrate accept 20260131-094500-3f2a
`;

/** @throws Failure that shows the commands. */
export function parseCommand(argv: readonly string[]): Command {
  if (argv.some((argument) => argument === '--help' || argument === '-h')) return { name: 'help' };
  const [name, ...rest] = argv;
  if (name === 'accept') return acceptOf(rest);
  if (rest.length > 0) throw usageFailure('Too many arguments.');
  switch (name) {
    case undefined:
      return { name: 'migrate' };
    case 'verify':
    case 'status':
      return { name };
    case '--version':
      return { name: 'version' };
    default:
      // The word may be a URL with its password.
      throw usageFailure(/^[\w-]{1,30}$/.test(name) ? `Unknown command ${name}.` : 'Unknown command.');
  }
}

function acceptOf(rest: readonly string[]): Command {
  const [reportId, ...more] = rest;
  if (reportId === undefined || more.length > 0)
    throw usageFailure('accept requires one argument: the report ID, shown at the top of the report.');
  if (!isReportId(reportId))
    throw usageFailure('accept: invalid report ID. It is shown at the top of report.txt, for example 20260131-094500-3f2a.');
  return { name: 'accept', reportId };
}

function usageFailure(what: string): Failure {
  return new Failure({ code: 'COMMAND_UNKNOWN', exit: exitCodes.usage, what, next: `Use one of these commands:\n\n${usage}` });
}
