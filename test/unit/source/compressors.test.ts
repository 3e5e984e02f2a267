/** Compressors of MONGODB_URL whose modules are not here. */
import * as assert from 'uvu/assert';
import { clientOf, compressorsLeftOut } from '../../../src/source/server/connect.ts';
import { suite } from '../../support/suite.ts';

const test = suite('compressors');

test('snappy and zstd are left out, in any spelling of the option', () => {
  assert.equal(compressorsLeftOut('mongodb://h/d?compressors=snappy,zstd,zlib'), ['snappy', 'zstd']);
  assert.equal(compressorsLeftOut('mongodb://h/d?retryWrites=true&Compressors=zstd'), ['zstd']);
  assert.equal(compressorsLeftOut('mongodb://h/d?compressors=snappy%2Czlib'), ['snappy']);
});

test('the driver does not offer those to the server, whatever the URL says', async () => {
  for (const [wanted, offered] of [
    ['snappy', ['none']],
    ['snappy,zstd,zlib', ['zlib']],
    ['zstd,none', ['none']],
    ['zlib', ['zlib']],
  ] as const) {
    await using client = clientOf({ url: `mongodb://u:p%26@h/d?appName=x&Compressors=${wanted}&authSource=a`, description: 'h' });
    assert.equal(client.options.compressors, offered, wanted);
    assert.equal(
      [client.options.appName, client.options.credentials?.source, client.options.dbName],
      ['nextcrm-migrate', 'a', 'd'],
    );
  }
});

test('those that Node.js has are used', () => {
  assert.equal(compressorsLeftOut('mongodb://h/d?compressors=zlib'), []);
  assert.equal(compressorsLeftOut('mongodb://h/d'), []);
});

test.run();
