/** Errors that stop the program. What is thrown says what happened here and now; these say what each code means. */
import { stateSchema } from '../../schema-name.ts';
import type { CodeText } from './text.ts';

interface FailureText extends CodeText {
  /** The exit code. */
  readonly exit: 2 | 3 | 4 | 5 | 6 | 70;
}

const unchanged = 'Nothing was changed.';

export const failureTexts = {
  SETTINGS_INVALID: {
    exit: 2,
    cause: 'One or more settings are missing or invalid. All are named at once; a password is never shown.',
    action:
      'Correct them in the environment or in `.env`. In a URL, special characters of user name and password are percent-encoded: @ is %40, / is %2F, : is %3A, # is %23, ? is %3F, % is %25. `MONGODB_URL` is the source, `DATABASE_URL` the target.',
  },
  COMMAND_UNKNOWN: {
    exit: 2,
    cause: 'Unknown command, or too many arguments.',
    action: 'Use no argument, `verify`, `status`, `accept ID`, `--help` or `--version`.',
  },
  VOLUME_NOT_WRITABLE: {
    exit: 2,
    cause:
      'The folder for checkpoint, log and reports (`MIGRATION_DIR`, `/data` in the image) is not writable. The message names its owner.',
    action: 'Run the `chown` line of the message on the machine that has the folder, or mount another folder.',
  },
  OTHER_SOURCE: {
    exit: 2,
    cause:
      'The source is not the one that this migration began with: the name of the database differs, or the UUIDs of its collections, or one is a MongoDB server and the other a dump. They may not contain the same documents. `verify` alone works with either.',
    action: 'Use the first source again. To migrate another one, use an empty database and an empty volume.',
  },
  OTHER_TARGET: {
    exit: 2,
    cause: 'The volume belongs to a migration into another target.',
    action: 'Set `DATABASE_URL` to the database of that migration, or use another volume.',
  },
  OTHER_APPLIANCE: {
    exit: 2,
    cause:
      'The migration was begun by another version of this program; or that version finished it with rejected documents. Only the same version retries them, since two versions may convert a value in different ways.',
    action:
      'Continue with that version, or start over with an empty database and an empty volume. `accept` and `verify` work with any version.',
  },
  NOTHING_TO_ACCEPT: {
    exit: 2,
    cause:
      '`accept` was called for a migration that is not finished, with the ID of a report that does not exist, or with one that a later report exceeds.',
    action: 'Use the ID at the top of `report.txt`.',
  },
  NOTHING_TO_VERIFY: {
    exit: 2,
    cause: '`verify` was called for a database that has no finished migration.',
    action: 'Run the migration to its end first.',
  },
  SOURCE_URL_INVALID: {
    exit: 2,
    cause: 'The MongoDB driver cannot use the URL: it has an unknown option, for example.',
    action: 'Correct `MONGODB_URL`.',
  },
  SOURCE_URL_FILE: {
    exit: 2,
    cause: 'A file that the URL requires (`tlsCAFile`, `tlsCertificateKeyFile`, the token of `MONGODB-OIDC`) cannot be read.',
    action: 'Correct the path. In a container the file must be mounted.',
  },
  SOURCE_DATABASE_MISSING: {
    exit: 2,
    cause: 'The URL names no database, and the server has none that this user can see.',
    action: 'Add the name of the database after the host.',
  },
  SOURCE_DATABASE_AMBIGUOUS: {
    exit: 2,
    cause: 'The URL names no database, and the server or the dump has several. The message lists them.',
    action: 'Name the database of NextCRM: `mongodb://host/DATABASE`, or the folder of that database in the dump.',
  },
  SOURCE_NOT_NEXTCRM: {
    exit: 2,
    cause: 'The database has no NextCRM collection.',
    action: 'Name the database that the old NextCRM had in its `DATABASE_URL`.',
  },
  SOURCE_DUMP_MISSING: {
    exit: 2,
    cause: 'The folder of the dump does not exist.',
    action: 'Check the path. In a container it is the path inside the container, and the folder must be mounted.',
  },
  SOURCE_DUMP_NOT_FOLDER: {
    exit: 2,
    cause: 'The path of the dump is not a folder.',
    action: 'Name the folder that `mongodump` wrote.',
  },
  SOURCE_DUMP_ARCHIVE: {
    exit: 2,
    cause:
      'The path of the dump, or the only thing in its folder, is an archive (`mongodump --archive`, ZIP, tar) or a compressed file.',
    action:
      'Unpack it with the command of the message and name the folder with the `.bson` files. An archive of mongodump: create the dump again with `mongodump --out FOLDER`, or restore it into a MongoDB server.',
  },
  SOURCE_DUMP_EMPTY: { exit: 2, cause: 'The folder of the dump is empty.', action: 'Check what is mounted there.' },
  SOURCE_DUMP_NO_COLLECTION: {
    exit: 2,
    cause: 'The folder contains no `.bson` or `.bson.gz` file.',
    action: 'Name the output folder of `mongodump`, or the folder of one database in it.',
  },
  SOURCE_DUMP_MIXED: {
    exit: 2,
    cause: 'The folder contains files of a dump and also folders with files of other dumps.',
    action: 'Name a folder that contains one database only.',
  },
  SOURCE_DUMP_TWICE: {
    exit: 2,
    cause: 'The dump contains a collection twice: two dumps were written into one folder.',
    action: 'Create the dump again in an empty folder.',
  },
  SOURCE_EMPTY: {
    exit: 3,
    cause: 'The source contains not a single document.',
    effect: 'Nothing was written.',
    action: 'Check that the URL names the database of NextCRM, and that the dump is complete.',
  },
  SOURCE_UNREACHABLE: {
    exit: 3,
    cause: 'The MongoDB server does not answer, or the connection was lost.',
    action:
      'Check that the server runs and can be reached from here (in a container, `localhost` is the container itself), then start again. A replica set, which Prisma requires, announces the addresses of its members itself, often `localhost:27017`: add `?directConnection=true` to `MONGODB_URL` (`&directConnection=true` after other options), so that the address in the URL is used.',
  },
  SOURCE_TIMEOUT: {
    exit: 3,
    cause: 'The MongoDB server did not answer in time.',
    action: 'Check the server and the network (for a replica set see `SOURCE_UNREACHABLE`), then start again.',
  },
  SOURCE_HOST_UNKNOWN: {
    exit: 3,
    cause: 'The host name cannot be resolved.',
    action:
      'Correct the host in `MONGODB_URL`, or fix the DNS. The name may be one that a replica set announces for its members: see `SOURCE_UNREACHABLE`.',
  },
  SOURCE_TLS: {
    exit: 3,
    cause: 'The TLS handshake failed: the certificate is not trusted, or only one side uses TLS.',
    action: 'Name the certificate authority of the server with `tlsCAFile`, or correct the option `tls`.',
  },
  SOURCE_LOGIN_REFUSED: {
    exit: 3,
    cause:
      'Authentication failed: the user or the password is wrong, the server does not support the mechanism (`authMechanism`), or no token can be obtained for it.',
    action:
      'Correct them in `MONGODB_URL`. If the user was created in another database, add `authSource=admin`. Without `authMechanism` the mechanism that the server supports is used.',
  },
  SOURCE_NO_RIGHT: {
    exit: 3,
    cause: 'The user has no permission to read the database.',
    action: 'Grant the user the role `read` on it.',
  },
  SOURCE_TOO_OLD: {
    exit: 3,
    cause: 'The server is older than MongoDB 4.4.',
    action: 'Create a dump and use its folder as `MONGODB_URL`, or upgrade the server.',
  },
  SOURCE_OPTION_UNSUPPORTED: {
    exit: 3,
    cause:
      'An option of the URL needs a module that this program does not contain: `authMechanism=GSSAPI` (Kerberos) or `MONGODB-AWS`, or a SOCKS proxy. (`compressors=snappy` and `zstd` are left out with a note.)',
    action: 'Remove the option and use a user with a password, or migrate from a dump.',
  },
  SOURCE_REFUSED: {
    exit: 3,
    cause: 'The server returned another error for a command. The message has its name.',
    action: 'Start again. If it happens again, migrate from a dump.',
  },
  SOURCE_DUMP_UNREADABLE: {
    exit: 3,
    cause: 'A file of the dump cannot be read.',
    action: 'Check its permissions and the disk.',
  },
  SOURCE_DUMP_METADATA: {
    exit: 3,
    cause: 'A `.metadata.json` file cannot be parsed.',
    action: 'Create the dump again, or remove that file: the name of the collection is then taken from the file name.',
  },
  TARGET_UNREACHABLE: {
    exit: 4,
    cause: 'The PostgreSQL server does not answer, is starting or stopping, or the connection was lost.',
    action: 'Check that the server runs and can be reached from here, then start again.',
  },
  TARGET_TLS: {
    exit: 4,
    cause: 'The TLS connection cannot be established: the certificate is not trusted, or the server does not support TLS.',
    action: 'Check `sslmode` and `sslcert` in `DATABASE_URL`. With `verify-full` the certificate must be for this host name.',
  },
  TARGET_LOGIN_REFUSED: {
    exit: 4,
    cause:
      'Authentication failed: the user or the password is wrong, or `pg_hba.conf` has no entry for this client. Or the database accepts no connections.',
    action: 'Correct `DATABASE_URL`, or `pg_hba.conf` of the server.',
  },
  TARGET_LOGIN_UNSUPPORTED: {
    exit: 4,
    cause: 'The server requires an authentication method that this program does not support (GSSAPI, SSPI, Kerberos, OAuth).',
    action: 'Have the administrator add a line with the method `scram-sha-256` for this user to `pg_hba.conf`.',
  },
  TARGET_NOT_POSTGRES: {
    exit: 4,
    cause: 'Another kind of server answers at this address: HTTP, for example.',
    action: 'Correct host and port in `DATABASE_URL`.',
  },
  TARGET_DATABASE_MISSING: {
    exit: 4,
    cause: 'The database does not exist.',
    action: 'Run `create database …`, or correct the name.',
  },
  TARGET_NO_RIGHT: {
    exit: 4,
    cause: 'The user lacks a privilege.',
    action: 'Use the owner of the database, or have the administrator run the `grant` lines of the message.',
  },
  TARGET_READ_ONLY: {
    exit: 4,
    cause: 'The server is a replica, or read-only for this user.',
    action: 'Use the primary server.',
  },
  TARGET_TOO_OLD: {
    exit: 4,
    cause: 'PostgreSQL is older than 16.',
    action: 'Use 16 or later with pgvector, for example the image `pgvector/pgvector:pg16`.',
  },
  TARGET_NOT_READY: {
    exit: 4,
    cause: 'The target does not meet several requirements. The message lists all of them, each with its own code.',
    effect: unchanged,
    action: 'Do what the message says of each, then start again.',
  },
  TARGET_ENCODING: {
    exit: 4,
    cause: 'The encoding of the database is not UTF8: it cannot hold every text, or does not know letters (SQL_ASCII).',
    effect: unchanged,
    action: 'Create a database with the encoding UTF8 by the statement of the message, and set `DATABASE_URL` to it.',
  },
  TARGET_SCHEMA_MISSING: {
    exit: 4,
    cause: 'The database has no schema `public`.',
    effect: unchanged,
    action: 'Run `create schema public;` in it.',
  },
  TARGET_STANDBY_MISSING: {
    exit: 4,
    cause:
      'The server ends a commit only when a synchronous standby has it (`synchronous_standby_names`), and none is connected: every commit would wait.',
    effect: unchanged,
    action: 'Start the standby, or set `synchronous_standby_names` to an empty text for the migration.',
  },
  TARGET_EVENT_TRIGGER: {
    exit: 4,
    cause: 'An event trigger of the database refuses to create or drop tables, or adds something to them.',
    effect: unchanged,
    action: 'Have the administrator disable it for the migration by the statement of the message.',
  },
  TARGET_LIMIT: {
    exit: 4,
    cause: 'A limit in the configuration of the server was reached. The message names the setting where the server does.',
    action: 'Raise or remove the limit, then start again.',
  },
  TARGET_VECTOR_MISSING: {
    exit: 4,
    cause: 'The server does not have pgvector.',
    action: 'Use a server that has it, for example the image `pgvector/pgvector:pg16`, or have it installed.',
  },
  TARGET_VECTOR_NOT_ALLOWED: {
    exit: 4,
    cause: 'pgvector is available, but this user may not create the extension.',
    action: 'Have the administrator run in this database, once: `create extension vector;`',
  },
  TARGET_VECTOR_SCHEMA: {
    exit: 4,
    cause: 'The extension `vector` is installed in another schema than `public`, where NextCRM looks for it.',
    effect: unchanged,
    action: 'As the owner of the extension, run in this database: `alter extension vector set schema public;`',
  },
  TARGET_VECTOR_TOO_OLD: {
    exit: 4,
    cause: 'The installed version of pgvector has no HNSW indexes, which NextCRM creates.',
    effect: unchanged,
    action: 'Install a newer build on the server, then run `alter extension vector update;` in this database.',
  },
  TARGET_VECTOR_UNUSABLE: {
    exit: 4,
    cause: 'pgvector is installed, but does not work or cannot be created: its library is missing, for example.',
    effect: unchanged,
    action: 'Install the build of pgvector that fits the server.',
  },
  TARGET_NOT_EMPTY: {
    exit: 4,
    cause:
      'The database contains tables that no migration of this program created, or objects with names that it needs: enum types, domains, sequences, functions.',
    effect: unchanged,
    action:
      'Use a new, empty database. If the objects are left from an earlier attempt and contain nothing that you need, run the statements of the message, which remove them.',
  },
  TARGET_HAS_ROWS: {
    exit: 4,
    cause: 'The tables of NextCRM contain rows that no run of this program wrote.',
    effect: unchanged,
    action: 'Use a new, empty database.',
  },
  TARGET_UPGRADED: {
    exit: 4,
    cause:
      'The database has the tables of a later NextCRM release: either from the beginning, or the app was started after a migration that ended with findings (exit code 1) or did not end.',
    effect: unchanged,
    action: `From the beginning: migrate into a new, empty database; the later release upgrades it at its first start. After a migration with findings: \`accept ID\` with the ID of its report, and enter in NextCRM what was rejected; the documents are in \`${stateSchema}.reject\`. If that report is lost with the volume, run \`verify\`, and accept the ID of its report. From then on the same command ends with 0. After a migration that did not end: stop NextCRM and start over.`,
  },
  OTHER_LEDGER: {
    exit: 4,
    cause: 'The migration was begun by an earlier version, whose records in the target are not those of this version.',
    effect: unchanged,
    action:
      'Continue with the version that the message names, or start over with an empty database and an empty volume. A migration that has ended with findings: accept its report with `accept ID`; this version continues with what is done.',
  },
  APP_FOLDER_UNUSABLE: {
    exit: 2,
    cause:
      '`NEXTCRM_PRISMA` does not name the folder `prisma/` of a NextCRM release for PostgreSQL that fits this database. The message says what is wrong with it.',
    effect: unchanged,
    action:
      'Name the folder `prisma/` in the checkout of the release that you will start; in a container, mount it. Without `NEXTCRM_PRISMA`, NextCRM applies its migrations itself, and the same command finishes afterwards.',
  },
  APP_FOLDER_MISSING: {
    exit: 2,
    cause: "NextCRM's migrations were begun with `NEXTCRM_PRISMA`, which is not set now.",
    effect: unchanged,
    action: 'Set `NEXTCRM_PRISMA` to the same folder again, and start the same command.',
  },
  APP_MIGRATION_FAILED: {
    exit: 4,
    cause:
      "PostgreSQL refused one of NextCRM's own migrations. The message names it, with the SQLSTATE and, where the server names them, table, column and constraint.",
    effect: 'The migration was rolled back. Those before it are applied.',
    action:
      'Look up the full message in the log of the PostgreSQL server, and correct what it names. The same command then continues with this migration. Do not start NextCRM before: it would stop at the same place.',
  },
  TARGET_CHANGED: {
    exit: 4,
    cause:
      'The migration ended with rejected documents, and the database was modified afterwards. To retry the documents would overwrite that. Values corrected by the SQL of the report do not count.',
    effect: unchanged,
    action:
      '`accept ID` with the ID of its report, and enter in NextCRM what was rejected. Or, if nothing that was entered since is needed, start over with an empty database and an empty volume.',
  },
  TARGET_MODIFIED: {
    exit: 4,
    cause:
      'A foreign key or a unique index cannot be recreated after the load: rows break it. Its rows were checked before, so another program wrote to the database during the migration.',
    effect: unchanged,
    action:
      'Stop every other program that uses the database, remove the rows that break the constraint that the message names, and start the same command again. Or start over with an empty database and an empty volume.',
  },
  TARGET_HAS_ARCHIVE: {
    exit: 4,
    cause: 'The database already has a schema `nextcrm_archive`, with the copies that an earlier migration made.',
    effect: unchanged,
    action:
      'Migrate into a new, empty database. Or, if you do not need those copies, run `DROP SCHEMA nextcrm_archive CASCADE;` in it and start again.',
  },
  TARGET_SCHEMA_REFUSED: {
    exit: 4,
    cause: 'The server refused the migrations that create the tables.',
    action: 'Correct what the message names, then start again.',
  },
  TARGET_DISK_FULL: {
    exit: 4,
    cause: 'The disk of the database server is full.',
    action: 'Free disk space there, then start again.',
  },
  TARGET_OUT_OF_MEMORY: {
    exit: 4,
    cause: 'The database server ran out of memory.',
    action: 'Give it more memory, then start again.',
  },
  TARGET_TOO_MANY_CONNECTIONS: {
    exit: 4,
    cause:
      'The database server has no free connection, or the user or the database may have no more (`CONNECTION LIMIT`; the migration needs two).',
    action: 'Stop other programs that use it, or raise `max_connections` or the limit that the message names.',
  },
  TARGET_POOLED: {
    exit: 4,
    cause:
      '`DATABASE_URL` names a connection pooler in transaction or statement mode (PgBouncer, for example), not PostgreSQL itself. A lock or a setting would not persist from one statement to the next.',
    effect: unchanged,
    action:
      'Use PostgreSQL itself for the migration, in most cases port 5432 of the server behind the pooler, or a port of the pooler in session mode. The app may use the pooler afterwards.',
  },
  TARGET_LOCKED: {
    exit: 4,
    cause:
      'Another program holds a lock on one of the tables for more than a minute (half a minute while the tables are created). Or it still sees rows from before values that are too large for an index were removed, so that the index cannot be built yet.',
    action: 'Stop every other program that uses this database, then start again.',
  },
  TARGET_CANCELLED: {
    exit: 4,
    cause: 'A statement was cancelled, by an administrator or by a timeout of the server.',
    action: 'Remove `statement_timeout` for this user, then start again.',
  },
  TARGET_REFUSED: {
    exit: 4,
    cause:
      'PostgreSQL returned an unexpected error: something else changed the database meanwhile, or the server is not healthy. The message has the error code (SQLSTATE).',
    action:
      'Make sure that nothing else uses the database, then start again: the migration resumes. If it happens again, report it with `migration.log`.',
  },
  TARGET_SYSTEM_ERROR: {
    exit: 4,
    cause: 'The database server reports an error of its disk or operating system.',
    action: 'Look at its log. Once it is healthy, start again.',
  },
  VOLUME_FULL: {
    exit: 4,
    cause: 'The volume is full, or has less than 2 MiB free before the first write.',
    action: 'Free space on the disk that holds it, then start again.',
  },
  VOLUME_WRITE_FAILED: {
    exit: 4,
    cause: 'A file on the volume cannot be written.',
    action: 'Check the disk and the folder, then start again.',
  },
  INTERRUPTED: {
    exit: 5,
    cause: 'SIGTERM, SIGINT (Ctrl+C) or SIGHUP (the terminal was closed) stopped the program between two batches.',
    action: 'Start the same command again.',
  },
  LOCKED: {
    exit: 6,
    cause:
      'Another migration works on the same target. This one waited up to 30 s; `verify` does not wait, and comes to no verdict where a migration was started meanwhile.',
    action:
      'Wait until it ends. If none runs any more, the server releases the lock of a lost one within a minute: then start again.',
  },
  BUG: {
    exit: 70,
    cause: 'An internal invariant of the program does not hold.',
    effect: 'The data is safe: every batch is a transaction of its own.',
    action: 'Report it with `migration.log`, which contains no values. You can start again.',
  },
} as const satisfies { readonly [code: string]: FailureText };
