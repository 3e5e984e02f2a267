/** SASLprep of passwords: the examples of RFC 4013, and what PostgreSQL does beyond them. */
import * as assert from 'uvu/assert';
import { saslPrep } from '../../../src/target/sasl-prep.ts';
import { suite } from '../../support/suite.ts';

const test = suite('SASLprep');

test('the examples of RFC 4013, section 3', () => {
  assert.is(saslPrep('I\u00adX'), 'IX');
  assert.is(saslPrep('user'), 'user');
  assert.is(saslPrep('USER'), 'USER');
  assert.is(saslPrep('\u00aa'), 'a');
  assert.is(saslPrep('\u2168'), 'IX');
});

test('spaces, decomposed letters, ligatures and wide letters', () => {
  assert.is(saslPrep('a\u00a0b\u3000c\u200bd'), 'a b c d');
  assert.is(saslPrep('e\u0301'), '\u00e9');
  assert.is(saslPrep('\ufb01le'), 'file');
  assert.is(saslPrep('\uff21\uff11'), 'A1');
  assert.is(saslPrep('a\ufeffb\u200dc\ufe0fd'), 'abcd');
});

test('what the profile prohibits stays as it is', () => {
  for (const password of [
    'a\u0007b',
    'a\u00a0\u0007',
    '\ufb01\u{1f600}',
    '\ue000\u00a0',
    '\u0627\u00a01',
    '\u05d0a\u00a0',
    '\u00ad',
    '',
  ])
    assert.is(saslPrep(password), password);
});

test('letters written from right to left are not prohibited by themselves', () => {
  assert.is(saslPrep('\u0627\u00a0\u0628'), '\u0627 \u0628');
});

test.run();
