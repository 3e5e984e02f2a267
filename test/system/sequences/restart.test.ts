/** A server that is killed and started again, inside of commands and between them: the model, which knows of none of it, holds. */
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import { titles } from '../../support/kills.ts';
import { ownServer } from '../../support/own-server.ts';
import { workplace } from '../../support/program.ts';
import { said } from '../../support/runs.ts';
import { suite } from '../../support/suite.ts';
import { first, Sequence } from './sequence.ts';
import { worldOf, writeSource } from './world.ts';

const test = suite('sequences with a server that restarts');
const quiet = async () => undefined;

test.fault('in the load, in the retry, in the proof and between commands', async () => {
  await using server = await ownServer();
  const restart = async () => {
    await server.kill();
    await server.start();
  };
  const admin = postgres(server.url, { max: 1, onnotice: () => undefined });
  await admin.unsafe('create database restarted');
  await admin.end();
  const url = new URL(server.url);
  url.pathname = '/restarted';
  await using place = await workplace();
  await writeSource(place, first);
  const among = { observer: { quiet }, dataBy: new Map(), happened: new Map() };
  const sequence = new Sequence(worldOf(place, url.href), () => 0, among);
  const startedAndRestarted = async (title: string) => {
    sequence.story.push(`restart in: ${title}`);
    await sequence.start(async (run) => {
      await said(run, new RegExp(title));
      await restart();
      assert.match((await run.ended).output, /Retrying in/);
    });
    await sequence.agree();
  };

  await startedAndRestarted(titles.load);
  await sequence.event('mail');
  await startedAndRestarted(titles.retry);
  await startedAndRestarted(titles.validate);
  await restart();
  await sequence.event('acceptLast');
  await restart();
  for (const event of ['start', 'verify', 'status'] as const) await sequence.event(event);
});

test.run();
