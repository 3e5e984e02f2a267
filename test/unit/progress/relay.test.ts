import * as assert from 'uvu/assert';
import type { Progress } from '../../../src/progress/progress.ts';
import { Relay } from '../../../src/progress/relay.ts';
import { suite } from '../../support/suite.ts';

const test = suite('relay');

/** Progress that keeps what it is told. */
function listening(): { readonly progress: Progress; readonly told: string[] } {
  const told: string[] = [];
  const tell =
    (what: string) =>
    (...parameters: readonly unknown[]) =>
      void told.push(`${what} ${JSON.stringify(parameters)}`);
  return {
    progress: { expect: tell('expect'), begin: tell('begin'), advance: tell('advance'), end: tell('end'), note: tell('note') },
    told,
  };
}

test('work that began beside one step is begun again in the next, as far as it is', () => {
  const relay = new Relay();
  const index = listening();
  const validate = listening();
  relay.beside(index.progress);
  relay.expect({ Users: 10, Tasks: 20 });
  relay.begin('Users', 10, 0);
  relay.end('Users');
  relay.begin('Tasks', 20, 0);
  relay.advance('Tasks', 5);
  relay.moveTo(validate.progress);
  relay.advance('Tasks', 20);
  relay.end('Tasks');
  assert.equal(index.told, [
    'begin ["comparing Users",10,0]',
    'end ["comparing Users"]',
    'begin ["comparing Tasks",20,0]',
    'advance ["comparing Tasks",5,null]',
  ]);
  assert.equal(validate.told, [
    'expect [{"Tasks":20}]',
    'begin ["Tasks",20,5]',
    'advance ["Tasks",5,null]',
    'advance ["Tasks",20,null]',
    'end ["Tasks"]',
  ]);
});

test.run();
