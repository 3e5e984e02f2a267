/** The target is lost in the middle of the work: killed, cut off, gone silent. The run continues by itself, and ends with the same data. */
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import {
  cut,
  endOfMiddleBatch,
  type Fault,
  goesOnByItself,
  insideMiddleBatch,
  inTheMiddleOfIndexes,
  runWith,
  undisturbed,
} from '../../support/breaks.ts';
import type { StepName } from '../../support/kills.ts';
import { type OwnServer, ownServer } from '../../support/own-server.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { workplace } from '../../support/program.ts';
import { type Link, startProxy } from '../../support/proxy.ts';
import { digest } from '../../support/runs.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the target is lost');

const whole = undisturbed(test);

test.fault('cut off in the middle of a COPY, behind batches that are committed', () =>
  goesOnByItself(whole, { step: 'load', at: insideMiddleBatch(), happens: cut }),
);

test.fault('cut off before the commit of a batch reaches the server', () =>
  goesOnByItself(whole, { step: 'load', at: endOfMiddleBatch(), happens: cut }),
);

test.fault('cut off after the server has committed a batch and before the answer passes', () => {
  let committing: Link | null = null;
  return goesOnByItself(whole, {
    step: 'load',
    at: endOfMiddleBatch(),
    happens: (link) => {
      committing = link;
      return 'pass';
    },
    onServerBytes: (link) => (link === committing ? cut(link) : 'pass'),
  });
});

/** Of the program's own sessions: that of Prisma Client, which is another process, is lost without a retry of the run. */
function ownMessage(number: number): Fault['at'] {
  const ofPrismaClient = new Set<Link>();
  let messages = 0;
  return ({ type, text, link }) => {
    if (type === 'startup' && text.includes('Prisma Client')) ofPrismaClient.add(link);
    return !ofPrismaClient.has(link) && ++messages === number;
  };
}

test.fault('cut off while references are resolved', () =>
  goesOnByItself(whole, { step: 'resolve', at: (_, seen) => seen === 300, happens: cut }),
);
test.fault('cut off while an index is built', () =>
  goesOnByItself(whole, { step: 'index', at: inTheMiddleOfIndexes, happens: cut }),
);
test.fault('cut off during validation', () => goesOnByItself(whole, { step: 'validate', at: ownMessage(60), happens: cut }));
test.fault('cut off during the hand-over', () =>
  goesOnByItself(whole, { step: 'handover', at: (_, seen) => seen === 3, happens: cut }),
);
test.fault('cut off while the report is counted', () =>
  goesOnByItself(whole, { step: 'handover', at: (_, seen) => seen === 20, happens: cut }),
);

test.fault('cut off from Prisma, the run continues by itself', () =>
  goesOnByItself(whole, { step: 'schema', at: (_, seen) => seen === 70, happens: cut }),
);

/** Where Prisma Client's session is cut: by what it says, or by the number of the message, its start being the first. */
const cutsOfPrismaClient: Readonly<Record<string, (text: string, number: number) => boolean>> = {
  'while it sets its session up': (text) => text.includes('set_config'),
  'while it reads': (_, number) => number === 20,
};

for (const [when, isCut] of Object.entries(cutsOfPrismaClient))
  test.fault(`cut off from Prisma Client ${when}, the tables are read all the same, and no row is blamed`, async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    let reader: Link | null = null;
    let messages = 0;
    const { exit, output } = await runWith(work, whole.source, database.url, {
      step: 'validate',
      at: ({ type, text, link }) => {
        if (reader === null && type === 'startup' && text.includes('Prisma Client')) reader = link;
        return link === reader && isCut(text, ++messages);
      },
      happens: cut,
    });
    assert.is(exit, 1, output);
    assert.equal(await digest(database.url), whole.left);
    const { findings } = await work.report();
    assert.equal(
      findings.filter(({ code }) => code === 'MODEL_UNREADABLE'),
      [],
    );
  });

/** Kills PostgreSQL in the step and starts it again. */
async function killedServer(server: OwnServer, step: StepName, at: Fault['at']): Promise<void> {
  const admin = postgres(server.url, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database "killed_${step}"`);
  await admin.end();
  const url = new URL(server.url);
  url.pathname = `/killed_${step}`;
  let restarted = Promise.resolve();
  await using work = await workplace();
  const { exit, output } = await runWith(work, whole.source, url.href, {
    step,
    at,
    happens: () => {
      restarted = server.kill().then(() => server.start());
      return 'pass';
    },
  });
  await restarted;
  assert.is(exit, 1, output);
  assert.match(output, /Retrying in/);
  assert.equal(await digest(url.href), whole.left);
}

test.fault('killed with SIGKILL and started again, during the load and while indexes are built', async () => {
  await using server = await ownServer();
  await killedServer(server, 'load', insideMiddleBatch());
  await killedServer(server, 'index', inTheMiddleOfIndexes);
});

test.fault(
  'a session that lives on at the server, holding the lock and a batch, is ended by the process that lost it',
  async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    let forgotten = 0;
    const at = insideMiddleBatch();
    await using proxy = await startProxy(database.url, {
      onMessage: (message) => {
        if (forgotten > 0 || !at(message, 0)) return 'pass';
        forgotten += 1;
        const { link } = message;
        link.freeze();
        // The program's end is cut, the server's end stays: it waits for the rest of the COPY.
        link.cutClient();
        return 'hold';
      },
    });
    const { exit, output } = await work.run([], { MONGODB_URL: whole.source, DATABASE_URL: proxy.through(database.url) });
    assert.is(forgotten, 1);
    assert.is(exit, 1, output);
    assert.match(output, /holds the lock/);
    assert.equal(await digest(database.url), whole.left);
  },
);

test.run();
