/** Runs the program through a proxy in which one fault happens, at a message of its choice. */
import * as assert from 'uvu/assert';
import { faultDump, severalBatches } from './faults.ts';
import { type StepName, titles } from './kills.ts';
import { freshDatabase } from './postgres.ts';
import { type Ended, type Workplace, workplace } from './program.ts';
import { type ClientMessage, type FaultyProxy, type Link, startProxy } from './proxy.ts';
import { batchesOf, digest } from './runs.ts';
import type { Suite } from './suite.ts';

export interface Fault {
  /** Armed once this step's title is out, and too late once a later one is. */
  readonly step: StepName;
  /** True for the message at which it happens. */
  readonly at: (message: ClientMessage, seen: number) => boolean;
  readonly happens: (link: Link, proxy: FaultyProxy) => 'pass' | 'hold';
  readonly onServerBytes?: (link: Link) => 'pass' | 'hold';
}

/** Runs through a proxy; the fault happens once. */
export async function runWith(work: Workplace, source: string, url: string, fault: Fault): Promise<Ended> {
  let armed = false;
  let seen = 0;
  let happened = false;
  let missed: StepName | null = null;
  const { onServerBytes } = fault;
  const proxy: FaultyProxy = await startProxy(url, {
    onMessage: (message) => {
      if (!armed || happened) return 'pass';
      seen += 1;
      if (!fault.at(message, seen)) return 'pass';
      happened = true;
      return fault.happens(message.link, proxy);
    },
    ...(onServerBytes === undefined
      ? {}
      : { onServerBytes: (_bytes: number, link: Link) => (happened ? onServerBytes(link) : 'pass') }),
  });
  await using _proxy = proxy;
  const run = work.start([], { MONGODB_URL: source, DATABASE_URL: proxy.through(url) });
  const names = Object.keys(titles) as readonly StepName[];
  const later = names.slice(names.indexOf(fault.step) + 1);
  const passed = () => later.find((step) => run.output().includes(titles[step]));
  run.process.stdout?.on('data', () => {
    armed ||= run.output().includes(titles[fault.step]);
    if (!happened) missed ??= passed() ?? null;
  });
  const ended = await run.ended;
  assert.ok(happened, `the fault did not happen: ${ended.output}`);
  assert.is(missed, null, `the fault was meant for the step "${fault.step}": ${ended.output}`);
  return ended;
}

/** A source, and what a run that nothing disturbs leaves of it in a target. Both are there once the suite's tests begin. */
export interface Undisturbed {
  readonly source: string;
  /** A digest. */
  readonly left: unknown;
}

export function undisturbed(test: Suite): Undisturbed {
  let work: Workplace | null = null;
  const whole = { source: '', left: null as unknown };
  test.before(async () => {
    work = await workplace();
    whole.source = await faultDump(work.folder);
    await using database = await freshDatabase();
    const { exit, output } = await work.run([], { MONGODB_URL: whole.source, DATABASE_URL: database.url });
    assert.is(exit, 1, output);
    assert.ok((await batchesOf(database.url)) >= severalBatches.batchesMin);
    whole.left = await digest(database.url);
  });
  test.after(async () => {
    await work?.[Symbol.asyncDispose]();
  });
  return whole;
}

/** Ends as an undisturbed run, without anybody's help. */
export async function goesOnByItself({ source, left }: Undisturbed, fault: Fault): Promise<void> {
  await using database = await freshDatabase();
  await using work = await workplace();
  const { exit, output } = await runWith(work, source, database.url, fault);
  assert.is(exit, 1, output);
  assert.match(output, /Retrying in/);
  assert.equal(await digest(database.url), left);
}

/** Of the collection of several batches, the one in the middle: those before it are committed, and others come behind it. */
const middle = `claim_batch('${severalBatches.collection}', 1,`;

/** The connection that writes that batch at this moment: true for the messages of its rows, which come last and carry the commit. */
function writesMiddleBatch(): Fault['at'] {
  let claimed: Link | null = null;
  let rows: Link | null = null;
  return ({ type, text, link }) => {
    if (type === 'Q') {
      if (text.includes('claim_batch(')) claimed = text.includes(middle) ? link : null;
      rows = link === claimed && /copy public\..*commit;\0$/s.test(text) ? link : null;
    }
    return link === rows;
  };
}

/** In the middle of the rows of that batch. */
export function insideMiddleBatch(): Fault['at'] {
  const writes = writesMiddleBatch();
  let data = 0;
  return (message, seen) => writes(message, seen) && message.type === 'd' && ++data === 10;
}

/** The end of the rows of that batch: the server commits once this has reached it. */
export function endOfMiddleBatch(): Fault['at'] {
  const writes = writesMiddleBatch();
  return (message, seen) => writes(message, seen) && message.type === 'c';
}

/** One of two hundred keys and indexes, which are built one after the other. */
export const inTheMiddleOfIndexes: Fault['at'] = ({ text }) => text.includes('set restored = true where position = 100\0');

export const cut = (link: Link): 'hold' => {
  link.cut();
  return 'hold';
};
export const freeze = (link: Link): 'hold' => {
  link.freeze();
  return 'hold';
};
