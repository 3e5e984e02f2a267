import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { notWritable, writeFailure } from '../../../src/volume/failures.ts';
import { suite } from '../../support/suite.ts';

const test = suite('volume/failures');
const us = { uid: 1000, gid: 1000 };
const error = (code: string) => Object.assign(new Error(`${code}: CANARY`), { code });

test('a read-only mount is reported as one', () => {
  const failure = notWritable('/data', error('EROFS'), null, us);
  assert.is(failure.exit, 2);
  assert.match(failure.message, /mounted read-only/);
});

test('an owner that cannot be seen is reported as such', () => {
  assert.match(notWritable('/data', error('EACCES'), null, us).message, /owner is unknown/);
});

test('a full disk and a used-up quota are the same to a person', () => {
  for (const code of ['ENOSPC', 'EDQUOT']) {
    const failure = writeFailure('/data', error(code));
    assert.ok(failure instanceof Failure && failure.code === 'VOLUME_FULL' && failure.exit === 4);
  }
});

test('what is no error of the file system stays what it is', () => {
  const bug = new TypeError('x');
  assert.is(writeFailure('/data', bug), bug);
  const failure = new Failure({ code: 'X', exit: 3, what: '', next: '' });
  assert.is(writeFailure('/data', failure), failure);
  const node = error('ERR_INVALID_ARG_TYPE');
  assert.is(writeFailure('/data', node), node);
});

test.run();
