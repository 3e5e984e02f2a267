/** Runs the program through a proxy in which one fault happens, at a message of its choice. */
import * as assert from 'uvu/assert';
import { type StepName, titles } from './kills.ts';
import { freshDatabase } from './postgres.ts';
import { type Ended, type Workplace, workplace } from './program.ts';
import { type ClientMessage, type FaultyProxy, type Link, startProxy } from './proxy.ts';
import { digest } from './runs.ts';

export interface Fault {
  /** Armed once this step's title is out. */
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
  run.process.stdout?.on('data', () => {
    armed ||= run.output().includes(titles[fault.step]);
  });
  const ended = await run.ended;
  assert.ok(happened, `the fault did not happen: ${ended.output}`);
  return ended;
}

/** Ends as an undisturbed run, without anybody's help. */
export async function goesOnByItself(source: string, expected: unknown, fault: Fault): Promise<void> {
  await using database = await freshDatabase();
  await using work = await workplace();
  const { exit, output } = await runWith(work, source, database.url, fault);
  assert.is(exit, 1, output);
  assert.match(output, /Trying again in/);
  assert.equal(await digest(database.url), expected);
}

export const cut = (link: Link): 'hold' => {
  link.cut();
  return 'hold';
};
export const freeze = (link: Link): 'hold' => {
  link.freeze();
  return 'hold';
};
