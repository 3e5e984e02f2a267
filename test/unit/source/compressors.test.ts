/** Compressors of MONGODB_URL whose modules are not here. */
import * as assert from 'uvu/assert';
import { compressorsLeftOut } from '../../../src/source/server/connect.ts';
import { suite } from '../../support/suite.ts';

const test = suite('compressors');

test('snappy and zstd are left out, in any spelling of the option', () => {
  assert.equal(compressorsLeftOut('mongodb://h/d?compressors=snappy,zstd,zlib'), ['snappy', 'zstd']);
  assert.equal(compressorsLeftOut('mongodb://h/d?retryWrites=true&Compressors=zstd'), ['zstd']);
  assert.equal(compressorsLeftOut('mongodb://h/d?compressors=snappy%2Czlib'), ['snappy']);
});

test('those that Node.js has are used', () => {
  assert.equal(compressorsLeftOut('mongodb://h/d?compressors=zlib'), []);
  assert.equal(compressorsLeftOut('mongodb://h/d'), []);
});

test.run();
