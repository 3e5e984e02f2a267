/** A MongoDB server of a version, in a container, as a standalone server or as a replica set of one member. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { type Document, MongoClient } from 'mongodb';
import { docker } from '../lib/docker.ts';

export type Deployment = 'standalone' | 'replica-set';

export interface MongoServer extends AsyncDisposable {
  readonly url: string;
  readonly image: string;
  /** Version and deployment as the server itself says. */
  readonly description: string;
}

/** Pulling the image included. */
const startMsMax = 300_000;
const answerMsMax = 60_000;
const replicaSet = 'rs0';

export async function startMongo(version: string, deployment: Deployment): Promise<MongoServer> {
  const image = `mongo:${version}`;
  const name = `nextcrm-mongodb-${randomBytes(4).toString('hex')}`;
  // The same port on both sides: a replica set names its member by it, and the driver connects to that name.
  const port = await freePort();
  const set = deployment === 'replica-set' ? ['--replSet', replicaSet] : [];
  const args = ['--port', `${port}`, '--bind_ip_all', ...set];
  const started = await docker(
    ['run', '--detach', '--rm', '--name', name, '--publish', `127.0.0.1:${port}:${port}`, image, ...args],
    startMsMax,
  );
  if (started.code !== 0) throw new Error(`${image} was not started: ${started.output}`);
  const stop = async () => {
    await docker(['rm', '--force', '--volumes', name], 60_000);
  };
  try {
    const description = await ready(port, deployment);
    const parameters = deployment === 'replica-set' ? `?replicaSet=${replicaSet}` : '?directConnection=true';
    return { url: `mongodb://127.0.0.1:${port}/${parameters}`, image, description, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until it takes writes. */
async function ready(port: number, deployment: Deployment): Promise<string> {
  const options = { directConnection: true, serverSelectionTimeoutMS: answerMsMax };
  await using client = new MongoClient(`mongodb://127.0.0.1:${port}/`, options);
  const admin = client.db('admin');
  const { version }: Document = await admin.command({ buildInfo: 1 });
  if (deployment === 'replica-set') {
    await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host: `127.0.0.1:${port}` }] } });
    // Returns once there is a primary.
    await using member = new MongoClient(`mongodb://127.0.0.1:${port}/?replicaSet=${replicaSet}`, {
      serverSelectionTimeoutMS: answerMsMax,
    });
    await member.db('admin').command({ ping: 1 }, { readPreference: 'primary' });
  }
  return `MongoDB ${version}, ${deployment}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
