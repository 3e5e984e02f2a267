/** Both URLs by `*_FILE`, as a mounted secret gives them, to the end of a run and by every way that they can be named. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('secret files');

for (const [name, inDotenv] of [
  ['in the environment', false],
  ['in .env', true],
] as const) {
  test(`a run whose URLs are in files that are named ${name} comes to its end, and so does verify`, async () => {
    await using database = await freshDatabase();
    await using place = await workplace();
    await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: [{ _id: new ObjectId(), email: 'user@example.com' }] });
    await writeFile(join(place.folder, 'source'), `${dumpUrl(join(place.folder, 'dump'))}\n`);
    await writeFile(join(place.folder, 'target'), `${database.url}\n`);
    const files = { MONGODB_URL_FILE: join(place.folder, 'source'), DATABASE_URL_FILE: join(place.folder, 'target') };
    const lines = Object.entries(files).map(([variable, path]) => `${variable}=${path}\n`);
    if (inDotenv) await writeFile(join(place.folder, '.env'), lines.join(''));
    for (const words of [[], ['verify'], []]) {
      const { exit, output } = await place.run(words, inDotenv ? {} : files);
      assert.is(exit, 0, output);
    }
  });
}

test.run();
