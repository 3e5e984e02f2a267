/**
 * A server of MongoDB's wire protocol with code of its own (mongo-java-server), so that what MongoDB, or another stand-in, lets pass is
 * noticed. It makes no UUIDs of collections, and closes the connection at some types of `_id`: not every test can run on it.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { MongoServer } from './server.ts';

const folder = 'scripts/mongodb/independent';
const libraries = resolve('.cache/mongo-java-server');
const fetchMsMax = 300_000;

/** @throws Error where Maven or a JDK of version 17 or later is missing. */
export async function startIndependent(): Promise<Omit<MongoServer, 'image'>> {
  const copying = ['dependency:copy-dependencies', `-DoutputDirectory=${libraries}`];
  await promisify(execFile)('mvn', ['--quiet', '--batch-mode', '--file', `${folder}/pom.xml`, ...copying], {
    timeout: fetchMsMax,
  });
  const java = spawn('java', ['-classpath', `${libraries}/*`, `${folder}/Server.java`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const stop = async () => {
    java.stdin.end();
    if (java.exitCode === null) await once(java, 'exit');
  };
  for await (const line of createInterface({ input: java.stdout }))
    if (line.startsWith('mongodb://')) return { url: line, description: 'mongo-java-server', [Symbol.asyncDispose]: stop };
  throw new Error('mongo-java-server did not start: a JDK of version 17 or later is needed');
}
