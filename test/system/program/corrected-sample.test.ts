/** Every finding of the dirty sample is brought to exit 0 by nothing but what the report gives to copy: in the target and in MongoDB, from a dump and from a server. */
import { MongoClient, ObjectId } from 'mongodb';
import * as assert from 'uvu/assert';
import { wholeDatabase } from '../../../scripts/sample/plan.ts';
import { writeSample } from '../../../scripts/sample/sample.ts';
import type { ReportedFinding } from '../../../src/report/model.ts';
import type { Session } from '../../../src/target/session.ts';
import { temporaryFolder } from '../../support/dump.ts';
import { fill, mongoServer, mongoUnavailable } from '../../support/mongo.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { type Workplace, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the dirty sample, corrected by the report');

/** As few documents as have each kind of finding. */
const documents = 4000;
const found = [
  'DANGLING_REQUIRED Sections.board',
  'DANGLING_REQUIRED tasksComments.user',
  'DUPLICATE_KEY Users.email',
  'MISSING_REQUIRED Tasks.priority',
  'UNCONVERTIBLE_REQUIRED crm_Contracts.value',
];
/** A first correction may uncover another finding of the same document, and a document that it loads another one. */
const startsMax = 4;

interface At {
  readonly place: Workplace;
  readonly session: Session;
  readonly environment: Record<string, string>;
}

/** Runs, follows the report, and runs again until nothing is found. */
async function correctAll(
  { place, session, environment }: At,
  follow: (finding: ReportedFinding) => Promise<void>,
): Promise<void> {
  const first = await place.run([], environment);
  assert.is(first.exit, 1, first.output);
  const { findings } = await place.report();
  assert.equal(findings.map(({ code, collection, field }) => `${code} ${collection}.${field}`).sort(), found);
  for (let start = 2; start <= startsMax; start += 1) {
    for (const finding of (await place.report()).findings) await follow(finding);
    const { exit, output } = await place.run([], environment);
    if (exit === 0) break;
    assert.is(exit, 1, output);
    assert.ok(start < startsMax, output);
  }
  const { findings: left, collections } = await place.report();
  assert.equal(left, []);
  for (const [name, { known, read, loaded }] of Object.entries(collections)) if (known) assert.is(loaded, read, name);
  const [row] = await session.query<{ n: string }>('select count(*) as n from nextcrm_migration.reject');
  assert.is(row?.n, '0');
}

const partners = new Map([
  ['Sections.board', 'Boards'],
  ['tasksComments.user', 'Users'],
]);

/** What a person would write in place of the dots: 24 hex digits for an id. */
async function valueFor(session: Session, { collection, field }: ReportedFinding, sourceId: string): Promise<string> {
  const partner = partners.get(`${collection}.${field}`);
  if (partner !== undefined) {
    const [row] = await session.query<{ source_id: string }>(
      'select source_id from nextcrm_migration.id_map where collection = $1 order by 1 limit 1',
      [partner],
    );
    return row?.source_id ?? '';
  }
  return { email: `${sourceId}@example.com`, priority: 'normal', value: '1000' }[field ?? ''] ?? '';
}

/** Of a statement for one document, one for each that the report names. */
async function forEach(finding: ReportedFinding, statement: string, run: (text: string, sourceId: string) => Promise<void>) {
  const [first = ''] = finding.sourceIds;
  const ids = finding.code === 'DUPLICATE_KEY' ? finding.sourceIds : [first];
  for (const id of ids) await run(statement.replaceAll(first, id), id);
}

const inTarget = (session: Session) => (finding: ReportedFinding) =>
  forEach(finding, finding.correction ?? '', async (statement, sourceId) => {
    assert.match(statement, '…', finding.code);
    await session.script(statement.replace('…', await valueFor(session, finding, sourceId)));
  });

const inMongoDb = (session: Session, client: MongoClient) => (finding: ReportedFinding) =>
  forEach(finding, finding.mongosh ?? '', async (line, sourceId) => {
    assert.match(line, '…', finding.code);
    const value = await valueFor(session, finding, sourceId);
    const isText = line.endsWith('// the text in quotation marks');
    const text = line.replace('…', isText ? JSON.stringify(value) : value);
    const db = { getCollection: (name: string) => client.db().collection(name) };
    const { modifiedCount } = (await new Function('db', 'ObjectId', `return ${text}`)(
      db,
      (hex: string) => new ObjectId(hex),
    )) as {
      modifiedCount: number;
    };
    assert.ok(modifiedCount > 0, text);
  });

async function withDirtySample(body: (url: string) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder();
  const plan = wholeDatabase(documents);
  await Array.fromAsync(writeSample({ out: folder.path, seed: 1, plan, dirt: 'rejected too', gzip: false }));
  await body(folder.url);
}

async function withTarget(source: string, body: (at: At) => Promise<void>): Promise<void> {
  await using place = await workplace();
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  await body({ place, session, environment: { MONGODB_URL: source, DATABASE_URL: database.url } });
}

test('from a dump, by the statements for the target', async () => {
  await withDirtySample((url) => withTarget(url, (at) => correctAll(at, inTarget(at.session))));
});

test.unless(await mongoUnavailable())(
  'from a server, by the statements for the target and the lines for mongosh in turn',
  async () => {
    await using server = await mongoServer();
    const client = new MongoClient(server.url);
    try {
      await withDirtySample((url) => fill(client, client.db().databaseName, url));
      await withTarget(server.url, (at) => {
        const ways = [inMongoDb(at.session, client), inTarget(at.session)];
        let next = 0;
        return correctAll(at, async (finding) => await ways[next++ % ways.length]?.(finding));
      });
    } finally {
      await client.close();
    }
  },
);

test.run();
