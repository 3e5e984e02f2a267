/** Prisma Studio by its service of the shipped compose file: it answers on its port, with the migrated rows, without a network. */
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { composeProject, up } from './support/compose.ts';
import { imageTests, inspected, saysInLog } from './support/image.ts';

const test = suite('studio');
const { add } = await imageTests(test);
const address = 'http://localhost:5555';

async function queried(origin: string): Promise<Response> {
  return await fetch(`${address}/bff`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ procedure: 'query', query: { sql: 'select count(*) from "Users"', parameters: [] } }),
  });
}

add('it shows the migrated tables on this machine, to a page of its own alone, and leaves when it is told to', async () => {
  await using project = await composeProject([`MONGODB_URL=file:///dump`, `DUMP_DIR=${resolve('sample')}`]);
  const migrated = await project.compose(...up);
  assert.is(migrated.code, 0, migrated.output);
  const started = await project.compose('up', '--detach', 'studio');
  assert.is(started.code, 0, started.output);
  const container = await project.container('studio');
  await saysInLog(container, /Prisma Studio is running/);

  const page = await fetch(`${address}/`);
  assert.is(page.status, 200);
  // All that the page loads comes from the container.
  const sources = [...(await page.text()).matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, source = '']) => source);
  assert.ok(sources.length > 0);
  for (const source of sources) {
    assert.match(source, /^\//);
    assert.is((await fetch(`${address}${source}`)).status, 200, source);
  }
  assert.match(await (await queried(address)).text(), /"8000"/);
  assert.is((await queried('http://elsewhere.example')).ok, false);
  assert.match(await inspected(container, '{{json .NetworkSettings.Ports}}'), '"HostIp":"127.0.0.1"');

  await project.compose('stop', 'studio');
  // 137 where it waited out the grace period.
  assert.is(await inspected(container, '{{.State.ExitCode}}'), '0');
});

test.run();
