/** The failure of reading the models where the server, and no row, is at fault. */
import { exitCodes, Failure } from '../failure.ts';

export function unread(cause?: unknown): Failure {
  return new Failure({
    code: 'TARGET_UNREACHABLE',
    exit: exitCodes.target,
    what: 'The connection to PostgreSQL was lost or timed out while the tables were read through Prisma Client.',
    next: 'Check that the server is running and not overloaded, then start the same command again: it resumes where it stopped.',
    transient: true,
    cause,
  });
}
