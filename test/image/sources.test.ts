/** A live MongoDB as the source of the image: in another compose network, on the host, with TLS and a login, as a replica set. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import * as assert from 'uvu/assert';
import { docker } from '../../scripts/lib/docker.ts';
import { temporaryFolder } from '../support/dump.ts';
import { fill } from '../support/mongo.ts';
import { suite } from '../support/suite.ts';
import { composeProject, up } from './support/compose.ts';
import { image, imageTests } from './support/image.ts';
import { mongoContainer, writesCounted } from './support/mongo.ts';
import { postgresContainer, testNetwork } from './support/network.ts';
import { makeSample } from './support/sample.ts';

const test = suite('sources');
const { add, why, unless } = await imageTests(test);

const files = ['docker-compose.migrate.yml', 'deploy/compose/source-network.yml', 'deploy/compose/certificates.yml'];
const inNetwork = files.slice(0, 2);
/** Of a root user whose name and password need every kind of encoding. */
const root = { user: 'root', password: 'p@ss/w:rd' };

async function withClient<T>(url: string, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

async function fillWithSample(client: MongoClient): Promise<void> {
  await using folder = await temporaryFolder();
  await makeSample(folder.path, 1000);
  await fill(client, 'nextcrm', folder.url);
}

add(
  'a MongoDB in the network of another compose file is migrated and never written to; afterwards it is not needed',
  async () => {
    await using network = await testNetwork();
    await using mongo = await mongoContainer(network.name);
    const onHost = `mongodb://127.0.0.1:${mongo.port}/?directConnection=true`;
    await withClient(onHost, fillWithSample);
    const before = await withClient(onHost, writesCounted);
    assert.ok((before['insert'] ?? 0) > 0, 'the counters of this server do not count');
    const own = [`SOURCE_NETWORK=${network.name}`];
    await using project = await composeProject(['MONGODB_URL=mongodb://mongodb:27017/nextcrm', ...own], { files: inNetwork });

    const migrated = await project.compose(...up);
    assert.is(migrated.code, 0, migrated.output);
    // The same server under another address, which is the machine's.
    await project.configure([`MONGODB_URL=mongodb://host.docker.internal:${mongo.port}/nextcrm`, ...own]);
    const verified = await project.compose('run', '--rm', 'migrate', 'verify');
    assert.is(verified.code, 0, verified.output);
    assert.equal(await withClient(onHost, writesCounted), before);

    await docker(['stop', mongo.container], 60_000);
    const again = await project.compose(...up);
    assert.is(again.code, 0, again.output);
    assert.match(again.output, /nothing to do/);
    const unverified = await project.compose('run', '--rm', 'migrate', 'verify');
    assert.is(unverified.code, 3, unverified.output);
  },
);

const openssl = (folder: string, ...args: readonly string[]) => {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
};

/** `ca.pem`, and what a server called `mongodb` needs. */
async function makeCertificates(folder: string): Promise<void> {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl(folder, 'req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=a private authority');
  openssl(folder, 'req', '-new', ...key.slice(0, 3), '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=mongodb');
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:mongodb,DNS:localhost,IP:127.0.0.1\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl(folder, 'x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.pem');
  const both = await Promise.all(['server.key', 'server.pem'].map((file) => readFile(join(folder, file), 'utf8')));
  await writeFile(join(folder, 'both.pem'), both.join(''));
}

/** A server that wants TLS and a login, with a user that has the role `read` alone. */
async function secureServer() {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-test-'));
  const [server, client] = [join(folder, 'server'), join(folder, 'client')];
  await mkdir(server);
  await mkdir(client, { mode: 0o755 });
  await makeCertificates(server);
  await writeFile(join(client, 'ca.pem'), await readFile(join(server, 'ca.pem')));
  const network = await testNetwork();
  const login = ['--env', `MONGO_INITDB_ROOT_USERNAME=${root.user}`, '--env', `MONGO_INITDB_ROOT_PASSWORD=${root.password}`];
  const tls = ['--env', 'MONGO_TLS_CERT=/tls/server.pem', '--env', 'MONGO_TLS_KEY=/tls/server.key'];
  const mongo = await mongoContainer(network.name, {
    options: ['--volume', `${server}:/tls:ro`, ...login, ...tls],
    mongod: ['--tlsMode', 'requireTLS', '--tlsCertificateKeyFile', '/tls/both.pem'],
  });
  const secure = `tls=true&tlsCAFile=${encodeURIComponent(join(client, 'ca.pem'))}&authSource=admin&directConnection=true`;
  const as = (user: string, password: string) =>
    `mongodb://${user}:${encodeURIComponent(password)}@127.0.0.1:${mongo.port}/?${secure}`;
  return {
    network: network.name,
    certificates: client,
    asRoot: as(root.user, root.password),
    asReader: as('reader', root.password),
    [Symbol.asyncDispose]: async () => {
      await mongo[Symbol.asyncDispose]();
      await network[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

const secure = why === null ? await secureServer() : null;
test.after(async () => secure?.[Symbol.asyncDispose]());

/** Null where the role `read` keeps its user from writing. */
async function whyNoRoles(): Promise<string | null> {
  if (secure === null) return why;
  await withClient(secure.asRoot, async (client) => {
    const email = (n: number) => ({ email: `user${n}@example.com`, name: `User ${n}` });
    await client.db('nextcrm').collection('Users').insertMany([1, 2, 3].map(email));
    const role = { role: 'read', db: 'nextcrm' };
    await client.db('admin').command({ createUser: 'reader', pwd: root.password, roles: [role] });
  });
  const written = await withClient(secure.asReader, (client) =>
    client
      .db('nextcrm')
      .collection('probe')
      .insertOne({})
      .then(
        () => true,
        () => false,
      ),
  );
  if (!written) return null;
  await withClient(secure.asRoot, (client) => client.db('nextcrm').collection('probe').drop());
  return 'this server lets a user with the role "read" write (FerretDB)';
}

const noRoles = await whyNoRoles();

async function migratedAsReader(): Promise<void> {
  if (secure === null) return;
  const url = `mongodb://reader:${encodeURIComponent(root.password)}@mongodb:27017/nextcrm?authSource=admin&tls=true`;
  const own = [`SOURCE_NETWORK=${secure.network}`, `CERTIFICATES=${secure.certificates}`];
  await using project = await composeProject([`MONGODB_URL='${url}'`, ...own], { files });
  const untrusted = await project.compose(...up);
  assert.is(untrusted.code, 3, untrusted.output);
  assert.match(untrusted.output, /SOURCE_TLS/);
  await project.configure([`MONGODB_URL='${url}&tlsCAFile=/certificates/ca.pem'`, ...own]);
  const { code, output } = await project.compose(...up);
  assert.is(code, 0, output);
  assert.is((await project.report()).collections['Users']?.loaded, 3);
  for (const secret of [root.password, encodeURIComponent(root.password)]) assert.not.match(output, secret);
}

add('TLS with a private authority and a login: refused without the authority, migrated with it', migratedAsReader);

unless(noRoles)('the role "read" suffices', migratedAsReader);

async function replicaSet() {
  const network = await testNetwork();
  const mongo = await mongoContainer(network.name, {
    options: ['--env', 'FERRETDB_DEV_REPL_SET_NAME=rs0'],
    mongod: ['--replSet', 'rs0', '--bind_ip_all'],
  });
  const url = `mongodb://127.0.0.1:${mongo.port}/?directConnection=true`;
  const setName = await withClient(url, async (client) => {
    const members = [{ _id: 0, host: 'localhost:27017' }];
    await client
      .db('admin')
      .command({ replSetInitiate: { _id: 'rs0', members } })
      .catch(() => undefined);
    return (await client.db('admin').command({ hello: 1 }))['setName'] as unknown;
  });
  return {
    network: network.name,
    mongo,
    url,
    setName,
    [Symbol.asyncDispose]: async () => {
      await mongo[Symbol.asyncDispose]();
      await network[Symbol.asyncDispose]();
    },
  };
}

const set = why === null ? await replicaSet() : null;
test.after(async () => set?.[Symbol.asyncDispose]());

async function migratedFromReplicaSet(): Promise<void> {
  if (set === null) return;
  await withClient(set.url, async (client) => {
    while (!(await client.db('admin').command({ hello: 1 }))['isWritablePrimary']);
    await client
      .db('nextcrm')
      .collection('Users')
      .insertMany([{ email: 'user@example.com' }]);
  });
  await using postgres = await postgresContainer(set.network);
  // The members call themselves localhost: what reads them shares their network.
  const { code, output } = await docker(
    [
      'run',
      '--rm',
      '--network',
      `container:${set.mongo.container}`,
      '--env',
      'MONGODB_URL=mongodb://localhost:27017/nextcrm?replicaSet=rs0',
      '--env',
      `DATABASE_URL=postgresql://crm:${postgres.password}@own-postgres:5432/crm`,
      image,
    ],
    180_000,
  );
  assert.is(code, 0, output);
}

const noSet = set?.setName === 'rs0' ? null : 'this server forms no replica set';
unless(noSet)('the URL of a replica set', migratedFromReplicaSet);

test.run();
