/** The failure of reading the models where the server, and no row, is at fault. */
import { exitCodes, Failure } from '../failure.ts';

export function unread(cause?: unknown): Failure {
  return new Failure({
    code: 'TARGET_UNREACHABLE',
    exit: exitCodes.target,
    what: 'PostgreSQL was lost, or did not answer in time, while the tables were read through Prisma Client.',
    next: 'Check that the server runs and is not overloaded, then start the same command again: it goes on where it stopped.',
    transient: true,
    cause,
  });
}
