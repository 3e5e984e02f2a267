/** Words that people cannot find in the manuals of PostgreSQL, MongoDB, Prisma and Docker do not come back. */
import { globSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('docs/words');

/** What is written and what to write, each only where it has no other meaning. */
const words: readonly (readonly [RegExp, string])[] = [
  [/needs? a person/i, 'requires action'],
  [/also noted/i, 'Notes'],
  [/\banew\b/i, 'again, recreated, rewritten'],
  [/\bmend(ed|ing|s)\b/i, 'fixed, corrected'],
  [/\btak(e|es|en|ing) (\w+ ){0,3}up again/i, 'retry'],
  [/\bbec(ome|omes|ame) of\b/i, 'happens to'],
  [/has to be told/i, 'define it'],
  [/sound again/i, 'healthy'],
  [/\bleft over\b/i, 'unmapped'],
  [/(have|has|had) its way/i, 'was aborted by a deadlock or serialization failure'],
  [/lends its connections/i, 'connection pooler in transaction mode'],
  [/\bcomes about\b/i, 'TLS handshake failed'],
  [/too many words/i, 'Too many arguments'],
  [/is no command\b/i, 'Unknown command'],
  [/is no setting\b/i, 'Unknown setting'],
  [/encodes nothing/i, 'invalid percent-encoding'],
  [/parts run into each other/i, 'cannot be parsed'],
  [/wants a login/i, 'requires authentication'],
  [/what is asked of it/i, 'unexpected error'],
  [/somebody has worked/i, 'was modified after the migration'],
  [/\b(are|is) content\b(?!-)/i, 'no longer need it'],
  [/references? to nothing/i, 'dangling reference'],
  [/kept, not NextCRM's/i, 'not a NextCRM collection (preserved)'],
  [/until the data is in\b/i, 'recreated after the load'],
  [/nothing has moved/i, 'no progress'],
  [/put (it|them|the difference) right/i, 'correct it'],
  [/make the tables\b(?! its)/i, 'create the schema'],
  [/both sides of the many-to-many/i, 'build junction tables'],
  [/trying again in/i, 'retrying in'],
  [/goes on where/i, 'resumes where'],
  [/\b(doomed|onlookers?|rivals|spoils?|spoilt)\b/i, 'to be rejected, observer, alternatives, faults'],
  [/\bthe (door|story)\b/i, 'entry point, run'],
  [/\bbad day\b/i, 'fails'],
  [/what needs a\b/i, 'required action'],
  [/as they are, run the same/i, 'to accept these findings'],
];

const files = ['src', 'scripts', 'docs', 'deploy', 'test']
  .flatMap((folder) => globSync(`${folder}/**/*.{ts,md,sql,yml,yaml,tpl,sh,json}`))
  .concat('README.md', 'entrypoint.sh', 'docker-compose.migrate.yml', 'Dockerfile')
  .filter((file) => !/^src\/prisma\/client\/|^docs\/performance\.json$|\/words\.test\.ts$/.test(file));

test('no message, document or test uses a word that the manuals do not have', () => {
  assert.ok(files.length > 500, 'files were found');
  const found = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        words
          .filter(([word]) => word.test(line))
          .map(([word, instead]) => `${file}:${index + 1}: ${word.exec(line)?.[0]} (write: ${instead})`),
      ),
  );
  assert.is(found.length, 0, `${found.length} words:\n${found.slice(0, 60).join('\n')}`);
});

test.run();
