/** SIGTERM and SIGINT in every step and in every wait: exit code 5 within ten seconds, a checkpoint, and the next start continues. */
import { createServer } from 'node:net';
import * as assert from 'uvu/assert';
import { faultDump } from '../../support/faults.ts';
import { killedRun, type StepName, steps, titles } from '../../support/kills.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { workplace } from '../../support/program.ts';
import { startProxy } from '../../support/proxy.ts';
import { checkpointOf, digest, heldOpen, type Running, said } from '../../support/runs.ts';
import { suite } from '../../support/suite.ts';

const test = suite('signals');

/** Docker's patience. */
const graceMs = 10_000;

/**
 * Stops it as Docker does, by the signal and after `patienceMs` by SIGKILL, and asserts that it left on the first. Less patience where
 * the run only waits: it must not be the cut of its connection, four seconds later (src/target/session.ts), that ends it.
 */
async function stop(run: Running, signal: NodeJS.Signals = 'SIGTERM', patienceMs = graceMs): Promise<void> {
  run.process.kill(signal);
  // A limit and no sleep: nobody waits for it, and it is reached only by a run that does not stop.
  const patience = setTimeout(() => run.process.kill('SIGKILL'), patienceMs);
  try {
    const ended = await run.ended;
    assert.is(ended.exit, 5, ended.output);
    assert.match(ended.output, new RegExp(`The run was stopped by ${signal}`));
  } finally {
    clearTimeout(patience);
  }
}

test.fault('stopped in every step, it ends with 5 and a checkpoint of that step, and at last with the same data', async () => {
  await using place = await workplace();
  const source = await faultDump(place.folder);
  await using undisturbed = await freshDatabase();
  const whole = await place.run([], { MONGODB_URL: source, DATABASE_URL: undisturbed.url });
  assert.is(whole.exit, 1, whole.output);

  await using database = await freshDatabase();
  await using second = await workplace();
  const environment = { MONGODB_URL: source, DATABASE_URL: database.url };
  const messages: Readonly<Record<StepName, number>> = {
    schema: 60,
    load: 150,
    retry: 0,
    resolve: 300,
    link: 15,
    index: 150,
    validate: 300,
    handover: 0,
  };
  for (const [index, step] of steps.entries()) {
    const signal = index % 2 === 0 ? 'SIGTERM' : 'SIGINT';
    const ended = await killedRun(second, environment, { step, messages: messages[step], passes: true, signal });
    if (step === 'handover' && ended.exit === 1) continue; // it was through before it heard the signal
    assert.is(ended.exit, 5, `${step}: ${ended.output}`);
    const checkpoint = await checkpointOf(second);
    assert.is(checkpoint.exitCode, 5);
    assert.is((await second.report()).state, 'interrupted');
    // A step without a place to stop in is done to its end.
    assert.ok([step, steps[index + 1]].includes(checkpoint.step as (typeof steps)[number]), `${step}: ${checkpoint.step}`);
  }
  const last = await second.run([], environment);
  assert.is(last.exit, 1, last.output);
  assert.equal(await digest(database.url), await digest(undisturbed.url));
});

test.fault('stopped while an index cannot be built: the server rolls back, and the next start continues at once', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: database.url };
  await killedRun(place, environment, { step: 'index', messages: 0, passes: false });
  {
    await using _lock = await heldOpen(database.url, 'lock table public."crm_Leads" in share update exclusive mode');
    const run = place.start([], environment);
    await said(run, titles.index);
    await stop(run);
    assert.is((await checkpointOf(place)).exitCode, 5);
    const status = await place.run(['status'], {});
    assert.is(status.exit, 5, status.output);
  }
  const last = await place.run([], environment);
  assert.is(last.exit, 1, last.output);
});

test.fault('stopped while validation waits for the server, it ends with 5 and a checkpoint', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: database.url };
  await killedRun(place, environment, { step: 'validate', messages: 0, passes: false });
  await using _lock = await heldOpen(database.url, 'lock table public."tasksComments" in access exclusive mode');
  const run = place.start([], environment);
  await said(run, titles.validate);
  await stop(run, 'SIGINT');
  assert.is((await checkpointOf(place)).step, 'validate');
});

test.fault('a second signal leaves at once, and the next start ends with the same data', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: database.url };
  await killedRun(place, environment, { step: 'index', messages: 0, passes: false });
  {
    await using _lock = await heldOpen(database.url, 'lock table public."crm_Leads" in share update exclusive mode');
    const run = place.start([], environment);
    await said(run, titles.index);
    run.process.kill('SIGTERM');
    await said(run, 'a second signal stops at once');
    run.process.kill('SIGTERM');
    assert.is((await run.ended).exit, 5);
  }
  const last = await place.run([], environment);
  assert.is(last.exit, 1, last.output);
});

test.fault('stopped while it waits for the lock, it ends with 5', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: database.url };
  await using _lock = await heldOpen(database.url, 'select pg_advisory_lock(6398276)');
  const run = place.start([], environment);
  await said(run, 'another migration holds the lock');
  await stop(run, 'SIGTERM', 2_000);
});

test.fault('stopped while it tries again to reach the server, it ends with 5', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  await using proxy = await startProxy(database.url);
  const run = place.start([], { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: proxy.through(database.url) });
  await said(run, titles.load);
  proxy.refuse(true);
  proxy.cutAll();
  await said(run, /Retrying in/);
  await stop(run, 'SIGTERM', 3_000);
  assert.is((await checkpointOf(place)).exitCode, 5);
});

test.fault('stopped while a server takes the connection and says nothing, it ends with 5', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  assert.ok(address !== null && typeof address === 'object');
  await using place = await workplace();
  const run = place.start([], {
    MONGODB_URL: await faultDump(place.folder),
    DATABASE_URL: `postgres://u:p@127.0.0.1:${address.port}/d?connect_timeout=60`,
  });
  const [socket] = await new Promise<[import('node:net').Socket]>((resolve) =>
    silent.once('connection', (...all) => resolve(all)),
  );
  socket.on('error', () => undefined);
  await stop(run, 'SIGTERM', 3_000);
  silent.close();
});

test.run();
