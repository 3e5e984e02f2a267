/** The command line: which of the few commands it is. */
import { exitCodes, Failure } from '../failure.ts';
import { isReportId } from '../report/report-id.ts';

export type Command =
  | { readonly name: 'migrate' | 'verify' | 'status' | 'help' | 'version' }
  | { readonly name: 'accept'; readonly reportId: string };

export const usage = `Moves a self-hosted NextCRM from MongoDB to PostgreSQL.

Usage: nextcrm-migrate [verify | status | accept ID | --help | --version]

  (no command)   migrate; again: resume; after success: a no-op that says so
  verify         compare source and target again, read-only, with a new report
  status         where it stands, from the volume alone
  accept ID      take the findings of report ID as they are
  --help         this text
  --version      the version

  MONGODB_URL    the source: mongodb://…, mongodb+srv://…, or file:… of a mongodump output folder
  DATABASE_URL   the target: postgresql://user:password@host:5432/database
  MIGRATION_DIR  the folder for checkpoint, log and reports (default: ./migration-data; in the image: /data)

  MONGODB_URL_FILE and DATABASE_URL_FILE read the value from a file. A file .env is read.

Exit codes: 0 done · 1 finished with findings · 2 a setting · 3 the source · 4 the target · 5 interrupted · 6 another run · 70 a bug

In this checkout:  scripts/migrate accept 20260131-094500-3f2a
By the image:      docker compose -f docker-compose.migrate.yml run --rm migrate accept 20260131-094500-3f2a
`;

/** @throws Failure that shows the commands. */
export function parseCommand(argv: readonly string[]): Command {
  if (argv.some((argument) => argument === '--help' || argument === '-h')) return { name: 'help' };
  const [name, ...rest] = argv;
  if (name === 'accept') return acceptOf(rest);
  if (rest.length > 0) throw usageFailure('The command line has too many words.');
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
      throw usageFailure(
        /^[\w-]{1,30}$/.test(name) ? `There is no command ${name}.` : 'The command line holds a word that is no command.',
      );
  }
}

function acceptOf(rest: readonly string[]): Command {
  const [reportId, ...more] = rest;
  if (reportId === undefined || more.length > 0)
    throw usageFailure('accept takes one word: the ID of the report, which stands at its top.');
  if (!isReportId(reportId))
    throw usageFailure('accept: that is no ID of a report. It stands at the top of report.txt, as in 20260131-094500-3f2a.');
  return { name: 'accept', reportId };
}

function usageFailure(what: string): Failure {
  return new Failure({ code: 'COMMAND_UNKNOWN', exit: exitCodes.usage, what, next: `The commands are:\n\n${usage}` });
}
