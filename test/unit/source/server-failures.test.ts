/** What a person reads where a server cannot be reached: the remedy for a replica set that gives addresses of its own. */
import { MongoAzureError, MongoServerError, MongoServerSelectionError, type TopologyDescription } from 'mongodb';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { serverFailure } from '../../../src/source/server/failures.ts';
import { suite } from '../../support/suite.ts';

const test = suite('source/server/failures');

/** As the driver throws it when none of a replica set's members is reached. */
function notSelected(message: string, code: string): Failure {
  const cause = Object.assign(new Error(message), { code });
  // The cast: the driver exports only the type, so no real one can be made here; the errors of its servers are all that is read.
  const reason = { servers: new Map([['localhost:27017', { error: cause }]]) } as unknown as TopologyDescription;
  const failure = serverFailure(new MongoServerSelectionError(message, reason), 'host.docker.internal:27017');
  assert.instance(failure, Failure);
  return failure as Failure;
}

for (const [what, message, code, expected] of [
  ['that calls itself localhost', 'connect ECONNREFUSED 127.0.0.1:27017', 'ECONNREFUSED', 'SOURCE_UNREACHABLE'],
  ['whose members have unknown names', 'getaddrinfo ENOTFOUND mongo-0', 'ENOTFOUND', 'SOURCE_HOST_UNKNOWN'],
  ['whose members have addresses of another network', 'connect timed out', 'ETIMEDOUT', 'SOURCE_TIMEOUT'],
] as const) {
  test(`a replica set ${what} is met with directConnection=true`, () => {
    const failure = notSelected(message, code);
    assert.is(failure.code, expected);
    assert.match(failure.next, /directConnection=true to MONGODB_URL/);
  });
}

test('a name without SRV records gets no advice that mongodb+srv:// does not take', () => {
  const failure = notSelected('querySrv ENOTFOUND _mongodb._tcp.example', 'ENOTFOUND');
  assert.is(failure.code, 'SOURCE_HOST_UNKNOWN');
  assert.not.match(failure.next, /directConnection/);
});

test('a way to log in that the server or this machine does not have is told as that, and nobody is asked to report it', () => {
  for (const [error, told] of [
    [new MongoServerError({ code: 334, codeName: 'MechanismUnavailable', message: 'm' }), /authMechanism/],
    [new MongoAzureError('m'), /MONGODB-OIDC/],
  ] as const) {
    const failure = serverFailure(error, 'host:27017') as Failure;
    assert.equal([failure.code, failure.exit], ['SOURCE_LOGIN_REFUSED', 3]);
    assert.match(failure.message, told);
    assert.not.match(failure.next, /report/);
  }
});

test.run();
