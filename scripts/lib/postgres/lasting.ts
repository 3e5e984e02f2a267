/** A PostgreSQL 16 with pgvector that stays up after this process: the demo's, to be looked at. A second call finds the first one's. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerAnswers } from '../docker.ts';
import { lastingContainer } from './docker-lasting.ts';
import { lastingEmbedded } from './embedded-lasting.ts';
import type { LastingServer } from './server.ts';

/** What belongs to one server: its state, and what the demo keeps beside it. Removed when the server has to be recreated. */
export interface ServerFolder {
  readonly server: LastingServer;
  readonly folder: string;
}

/** `folder`: an absolute path; all that is kept is below it, apart for each kind of server. */
export async function lastingServer(folder: string): Promise<ServerFolder> {
  const byDocker = await dockerAnswers();
  const own = join(folder, byDocker ? 'docker' : 'embedded');
  const recreate = () => rm(own, { recursive: true, force: true });
  return { server: await (byDocker ? lastingContainer(own, recreate) : lastingEmbedded(own, recreate)), folder: own };
}
