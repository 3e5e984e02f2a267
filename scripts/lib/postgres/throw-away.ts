/** A PostgreSQL 16 with pgvector for the tests: by Docker when an engine answers, else embedded. */
import { dockerAnswers } from '../docker.ts';
import { startByDocker } from './docker-server.ts';
import { startEmbedded } from './embedded-server.ts';
import { memoryFolder } from './memory.ts';
import type { PostgresServer } from './server.ts';

/** A server of one's own, empty, without durability; stopped and removed when disposed of. */
export async function throwAwayServer(): Promise<PostgresServer> {
  return (await dockerAnswers()) ? startByDocker() : startEmbedded({ parent: await memoryFolder() });
}
