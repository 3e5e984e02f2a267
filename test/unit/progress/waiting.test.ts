import { setTimeout as delay } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { Waiting } from '../../../src/progress/waiting.ts';
import { suite } from '../../support/suite.ts';

const test = suite('progress/waiting');

test('a line says again and again what is being waited for, until something else is, or nothing', async () => {
  const lines: string[] = [];
  const reported = (count: number) => until(() => lines.length >= count);
  {
    using waiting = new Waiting((line) => lines.push(line), 5);
    waiting.for('PostgreSQL');
    await reported(2);
    assert.match(lines[1] ?? '', /^no progress for .*; waiting for PostgreSQL$/);
    waiting.for('MongoDB');
    await reported(lines.length + 1);
    assert.match(lines.at(-1) ?? '', /MongoDB$/);
    waiting.for(null);
    const before = lines.length;
    await delay(20);
    assert.is(lines.length, before);
    waiting.for('PostgreSQL');
  }
  const before = lines.length;
  await delay(20);
  assert.is(lines.length, before);
});

async function until(done: () => boolean): Promise<void> {
  while (!done()) await delay(1);
}

test.run();
