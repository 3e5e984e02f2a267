/** SIGKILL between the statements of a merge of references, and of a retry with corrections: the same command ends with the same data. */
import type { ChildProcess } from 'node:child_process';
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { digestOf } from '../../support/digest.ts';
import { type Ground, groundOf } from '../../support/ground.ts';
import { dumpUrl } from '../../support/program.ts';
import { startProxy } from '../../support/proxy.ts';
import { suite } from '../../support/suite.ts';

const test = suite('killed inside a merge and a correction');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const user = (n: number, fields: Document = {}): Document => ({ _id: id(n), __v: 0, email: `u${n}@example.com`, ...fields });

const source = {
  Users: [
    user(1),
    user(2, { email: 'u1@example.com', watching_boardsIDs: [id(0x10)] }),
    user(3, { email: 'u1@example.com' }),
    user(4, { email: null }),
  ],
  Boards: [2, 3, 1, 4].map((owner, n) => ({
    _id: id(0x10 + n),
    __v: 0,
    title: 't',
    description: 'd',
    user: id(owner),
    createdBy: id(owner).toHexString(),
    updatedBy: id(3),
    sharedWith: [id(2), id(1), id(3).toHexString()],
    watchers: [id(3), id(4)],
  })),
  crm_Leads: [{ _id: id(0x30), __v: 0, lastName: 'l', assigned_to: id(2), last_activity_by: id(3) }],
};

interface Run {
  readonly exit: number | string;
  readonly output: string;
  /** Messages of the program that had the text. */
  readonly messages: number;
}

/** Kills the program at the `nth` message that has the text, which reaches the server or does not. */
async function runThrough(at: Ground, text: string, nth: number, passes: boolean): Promise<Run> {
  let child: ChildProcess | null = null;
  let messages = 0;
  await using proxy = await startProxy(at.database.url, {
    onMessage: (message) => {
      if (!message.text.includes(text)) return 'pass';
      messages += 1;
      if (messages < nth) return 'pass';
      child?.kill('SIGKILL');
      return passes ? 'pass' : 'hold';
    },
  });
  const environment = {
    MONGODB_URL: dumpUrl(`${at.place.folder}/dump`),
    DATABASE_URL: proxy.through(at.database.url),
  };
  const run = at.place.start([], environment);
  child = run.process;
  const { exit, output } = await run.ended;
  return { exit, output, messages };
}

test('a run that was killed between the statements of a merge ends as one that was not', async () => {
  await using undisturbed = await groundOf();
  assert.is((await undisturbed.run(source)).exit, 1);
  const merging = 'REFERENCE_MERGED';
  const expected = await digestOf(undisturbed.session);
  let inside = 0;
  for (const [nth, passes] of [
    [2, true],
    [7, false],
  ] as const) {
    await using at = await groundOf();
    await at.write(source);
    const killed = await runThrough(at, merging, nth, passes);
    assert.is(killed.exit, 'SIGKILL', killed.output);
    inside += killed.messages === nth ? 1 : 0;
    const ended = await at.run(source);
    assert.is(ended.exit, 1, ended.output);
    assert.equal(await digestOf(at.session), expected, `killed at message ${nth} of the merge`);
    assert.equal(await at.findings(), ['DANGLING_REQUIRED Boards 1', 'DUPLICATE_KEY Users 2', 'MISSING_REQUIRED Users 1']);
  }
  assert.ok(inside > 0, 'a kill fell where it was meant to');
});

const corrected = async () => {
  const at = await groundOf();
  assert.is((await at.run(source)).exit, 1);
  await at.session.script(`update nextcrm_migration.reject
    set correction = json_build_object('email', 'new-' || source_id || '@example.com')::text where source_id <> '${id(3)}'`);
  return at;
};

let undisturbed: Promise<unknown> | null = null;

/** What a retry leaves that was not killed. */
async function retried(): Promise<unknown> {
  await using at = await corrected();
  assert.is((await at.run(source)).exit, 1);
  return await digestOf(at.session);
}

for (const { when, text, nth, passes } of [
  { when: 'before its corrections are written', text: 'jsonb_to_recordset', nth: 1, passes: false },
  { when: 'while references are separated', text: 'REFERENCE_MERGED', nth: 5, passes: true },
  { when: 'while references are merged again', text: 'REFERENCE_MERGED', nth: 26, passes: false },
]) {
  test(`a retry with corrections that was killed ${when} ends as one that was not`, async () => {
    undisturbed ??= retried();
    const expected = await undisturbed;
    await using at = await corrected();
    const killed = await runThrough(at, text, nth, passes);
    assert.is(killed.exit, 'SIGKILL', killed.output);
    const ended = await at.run(source);
    assert.is(ended.exit, 1, ended.output);
    assert.equal(await digestOf(at.session), expected);
    assert.equal(await at.findings(), ['DUPLICATE_KEY Users 1']);
  });
}

test.run();
