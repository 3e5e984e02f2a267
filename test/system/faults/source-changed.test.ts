/** A source that somebody writes to between the load and the proof: a finding that names the collection, and exit code 1. */
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type DumpContent, writeDump } from '../../support/dump.ts';
import { faultContent } from '../../support/faults.ts';
import { killedRun } from '../../support/kills.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the source changes');

const content = faultContent({ filler: 10 });
const boards = content['Boards'] ?? [];

/** Each is another dump with the same `_id`s but for what its name says. */
const changes: Readonly<Record<string, DumpContent>> = {
  'a document was inserted': { ...content, Boards: [...boards, { ...boards[3], _id: '5e0be1000003ffffffffffff', title: 'new' }] },
  'a document was updated': { ...content, Boards: boards.map((board, n) => (n === 7 ? { ...board, title: 'T' } : board)) },
  'a document was deleted': { ...content, Boards: boards.filter((_, n) => n !== 7) },
};

for (const [name, changed] of Object.entries(changes)) {
  test.fault(`${name} between load and validation`, async () => {
    await using database = await freshDatabase();
    await using place = await workplace();
    const folder = join(place.folder, 'dump', 'nextcrm');
    const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
    await writeDump(folder, content);
    const killed = await killedRun(place, environment, { step: 'validate', messages: 0, passes: false });
    assert.is(killed.exit, 'SIGKILL', killed.output);
    await writeDump(folder, changed);
    const run = await place.run([], environment);
    assert.is(run.exit, 1, run.output);
    const { findings, layers } = await place.report();
    const reported = findings.filter(({ code }) => code === 'SOURCE_CHANGED');
    assert.equal(
      reported.map(({ collection }) => collection),
      ['Boards'],
      run.output,
    );
    assert.is(layers.counts.status, 'failed');
    assert.ok(reported.every(({ count }) => count > 0));
  });
}

test.run();
