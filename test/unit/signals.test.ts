/** What a process does that was asked to stop and cannot: in a process of its own, since a signal is for a whole process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('signals');

/** Never at a safe point, and for its timers no time passes: it does not leave by itself. */
const busy = `
  import { catchSignals } from './src/signals.ts';
  setInterval(() => undefined, 1_000);
  globalThis.setTimeout = () => ({ unref() {} });
  catchSignals(console.log);
  console.log('at work');`;

for (const first of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`the first signal, ${first}, is reported and waits for a safe point, a second leaves at once with 5`, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', busy], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 10_000,
      killSignal: 'SIGKILL',
    });
    const closed = once(child, 'close');
    const said: string[] = [];
    for await (const line of child.stdout.setEncoding('utf8')) {
      said.push(line);
      child.kill(said.length === 1 ? first : 'SIGINT');
    }
    assert.equal(said, ['at work\n', `${first}: stopping at the next safe point; a second signal stops at once\n`]);
    assert.equal(await closed, [5, null]);
  });
}

test.run();
