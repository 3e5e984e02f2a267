import * as assert from 'uvu/assert';
import { Tracker } from '../../../src/progress/tracker.ts';
import { suite } from '../../support/suite.ts';

const test = suite('progress/tracker');

function tracked(unit?: string) {
  let now = 100;
  const said: string[] = [];
  const tracker = new Tracker(unit, () => now, {
    ended: (line) => said.push(line),
    noted: (line) => said.push(line),
    moved: () => undefined,
  });
  return { tracker, said, after: (seconds: number) => (now += seconds) };
}

test('a line says percent, done of total, rate and time left', () => {
  const { tracker, after } = tracked('documents');
  tracker.begin('Users', 8000, 0);
  assert.equal(tracker.lines(), ['Users: 0 % · 0 of 8,000 documents']);
  after(2);
  tracker.advance('Users', 2000);
  assert.equal(tracker.lines(), ['Users: 25 % · 2,000 of 8,000 documents · 1,000/s · 6.0 s left']);
});

test('what a resumed run had done before does not count for the rate', () => {
  const { tracker, after } = tracked('documents');
  tracker.begin('Users', 8000, 4000);
  after(2);
  tracker.advance('Users', 6000);
  assert.equal(tracker.lines(), ['Users: 75 % · 6,000 of 8,000 documents · 1,000/s · 2.0 s left']);
});

test('without a total there is a count and a rate, and with a fraction a percentage', () => {
  const { tracker, after } = tracked('documents');
  tracker.begin('Users', null, 0);
  after(2);
  tracker.advance('Users', 3000);
  assert.equal(tracker.lines(), ['Users: 3,000 documents · 1,500/s']);
  tracker.advance('Users', 3000, 0.5);
  assert.equal(tracker.lines(), ['Users: 50 % · 3,000 documents · 1,500/s · 2.0 s left']);
});

test('the whole is weighed by what was announced', () => {
  const { tracker, after } = tracked();
  tracker.expect({ Users: 900, Tasks: 100 });
  tracker.begin('Tasks', 10, 0);
  after(2);
  tracker.advance('Tasks', 5);
  assert.is(tracker.lines().at(-1), 'total: 5 % · 38 s left');
  tracker.end('Tasks');
  tracker.begin('Users', 100, 0);
  tracker.advance('Users', 50);
  assert.match(tracker.lines().at(-1) ?? '', /^total: 55 %/);
});

test('an end tells what was done, unless it was nothing', () => {
  const { tracker, said, after } = tracked('documents');
  tracker.begin('Users', 2, 0);
  after(1.5);
  tracker.advance('Users', 2);
  tracker.end('Users');
  tracker.begin('Boards', 0, 0);
  tracker.end('Boards');
  tracker.begin('MyAccount', 1, 0);
  tracker.advance('MyAccount', 1);
  tracker.end('MyAccount');
  assert.equal(said, ['Users: 2 documents in 1.5 s', 'MyAccount: 1 document in 0.0 s']);
  assert.equal(tracker.lines(), []);
});

test('a silence of 30 s says what is being waited for, then ever more seldom', () => {
  const { tracker, after } = tracked();
  tracker.begin('keys and indexes', 40, 0);
  tracker.note('building an index');
  after(29);
  assert.is(tracker.waiting(), null);
  after(1);
  assert.is(tracker.waiting(), 'no progress for 30 s; waiting for keys and indexes (building an index)');
  assert.is(tracker.waiting(), null);
  after(29);
  assert.is(tracker.waiting(), null);
  after(1);
  assert.match(tracker.waiting() ?? '', /1 min 00 s/);
  tracker.advance('keys and indexes', 1);
  after(30);
  assert.match(tracker.waiting() ?? '', /no progress for 30 s/);
});

test('telling the same number again is no movement', () => {
  const { tracker, after } = tracked();
  tracker.begin('Users', 10, 0);
  after(20);
  tracker.advance('Users', 0);
  after(10);
  assert.match(tracker.waiting() ?? '', /waiting for Users/);
});

test('names of the source cannot steer the terminal', () => {
  const { tracker, said } = tracked();
  tracker.begin('a\u001b[2J', 1, 0);
  tracker.advance('a\u001b[2J', 1);
  tracker.note('b\u0007');
  assert.not.match([...tracker.lines(), ...said].join(''), /\p{Cc}/u);
});

test('work that was never begun is no error', () => {
  const { tracker } = tracked();
  tracker.advance('Users', 1);
  tracker.end('Users');
  assert.equal(tracker.lines(), []);
});

test.run();
