/** Starts a MongoDB server of a version in Docker, and runs tests with TEST_MONGODB_URL set to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Deployment, startMongo } from './server.ts';

const testsOfServers = ['integration/source', 'faults/source-lost', 'faults/other-source'];

const [version = '', deployment = '', ...filters] = process.argv.slice(2);
if (!/^\d+(\.\d+)*$/.test(version) || !isDeployment(deployment)) {
  console.error('usage: scripts/test-mongodb VERSION (standalone | replica-set) [FILTER …]');
  process.exit(2);
}

function isDeployment(word: string): word is Deployment {
  return word === 'standalone' || word === 'replica-set';
}

await using server = await startMongo(version, deployment);
console.log(`MongoDB for the tests: ${server.description}`);
const env = { ...process.env, TEST_MONGODB_URL: server.url, TEST_MONGODB_IMAGE: server.image };
for (const filter of filters.length > 0 ? filters : testsOfServers) {
  const tests = spawn('bash', ['scripts/test', filter], { stdio: 'inherit', env });
  const [code] = await once(tests, 'exit');
  if (code !== 0) process.exitCode = 1;
}
