import * as assert from 'uvu/assert';
import { type TlsWish, tlsOf } from '../../../src/config/tls.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sslmode');
const wish = (query: string): TlsWish => tlsOf(new URLSearchParams(query), (path) => `content of ${path}`);

test('each mode asks for as much as with libpq', () => {
  const asked = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'].map((mode) => {
    const { use, options } = wish(`sslmode=${mode}`);
    return [mode, use, options.rejectUnauthorized, options.checkServerIdentity !== undefined];
  });
  assert.equal(asked, [
    ['disable', 'never', undefined, false],
    ['allow', 'if offered', false, false],
    ['prefer', 'if offered', false, false],
    ['require', 'always', false, false],
    ['verify-ca', 'always', true, true],
    ['verify-full', 'always', true, false],
  ]);
});

test('without a mode it is prefer', () => {
  assert.equal(wish(''), wish('sslmode=prefer'));
});

test('a root certificate makes require check the chain, and sslcert alone is one', () => {
  for (const query of ['sslcert=ca.pem', 'sslrootcert=ca.pem']) {
    const { options } = wish(`sslmode=require&${query}`);
    assert.is(options.ca, 'content of ca.pem');
    assert.is(options.rejectUnauthorized, true);
    assert.is(options.cert, undefined);
  }
});

test("beside a key, sslcert is the client's certificate", () => {
  const { options } = wish('sslmode=verify-full&sslcert=me.pem&sslkey=me.key&sslrootcert=ca.pem');
  assert.equal([options.cert, options.key, options.ca], ['content of me.pem', 'content of me.key', 'content of ca.pem']);
});

test('an unknown mode is refused', () => {
  assert.throws(() => wish('sslmode=on'), /Expected sslmode to be one of/);
});

test.run();
