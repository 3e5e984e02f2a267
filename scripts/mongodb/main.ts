/** Starts a MongoDB server of a version in Docker, or an independent one, and runs tests with TEST_MONGODB_URL set to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startIndependent } from './independent.ts';
import { type Deployment, startMongo } from './server.ts';

const testsOfServers = ['integration/source', 'faults/source-lost', 'faults/other-source', 'program/corrected-sample'];
const testsOfRows = ['integration/source/cursor', 'faults/other-source', 'program/corrected-sample'];

const [version = '', ...others] = process.argv.slice(2);
if (version === 'independent') {
  await using server = await startIndependent();
  await run(server.description, { TEST_MONGODB_URL: server.url }, others.length > 0 ? others : testsOfRows);
} else {
  const [deployment = '', ...filters] = others;
  if (!/^\d+(\.\d+)*$/.test(version) || !isDeployment(deployment)) {
    console.error('usage: scripts/test-mongodb VERSION (standalone | replica-set) [FILTER …]');
    console.error('       scripts/test-mongodb independent [FILTER …]');
    process.exit(2);
  }
  await using server = await startMongo(version, deployment);
  const variables = { TEST_MONGODB_URL: server.url, TEST_MONGODB_IMAGE: server.image };
  await run(server.description, variables, filters.length > 0 ? filters : testsOfServers);
}

function isDeployment(word: string): word is Deployment {
  return word === 'standalone' || word === 'replica-set';
}

async function run(description: string, variables: NodeJS.ProcessEnv, filters: readonly string[]): Promise<void> {
  console.log(`MongoDB for the tests: ${description}`);
  for (const filter of filters) {
    const tests = spawn('bash', ['scripts/test', filter], { stdio: 'inherit', env: { ...process.env, ...variables } });
    const [code] = await once(tests, 'exit');
    if (code !== 0) process.exitCode = 1;
  }
}
