/** Every command that a document tells people to type is run by a test, or says here why it cannot be. */

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, globSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { withFindings } from '../report/samples.ts';
import { commandsOf, documents, inlineCommandsOf, read } from './documents.ts';

const test = suite('docs/typed commands');

/** Either the test that runs the command (or the call that it stands for), or the reason why none does. */
type Coverage = { readonly by: string } | { readonly not: string };

const move = { by: 'test/image/move.test.ts' };
const beside = { by: 'test/image/nextcrm.test.ts' };
const compose = { by: 'test/image/compose.test.ts' };
const cluster = { not: 'there is no cluster here; the files are checked against its schemas by test/integration/deploy' };
const mongoTools = { not: "MongoDB's tools cannot be had here; the dumps that the tests read have the same format" };
const published = { not: 'needs a published version' };
const sameAs = (what: string) => ({ not: `the same as ${what}, with other words` });

/** The first that matches counts. */
const coverage: readonly (readonly [RegExp, Coverage])[] = [
  [/^alias /, sameAs('docker compose -f docker-compose.migrate.yml')],
  [/^scripts\/demo$/, { not: 'takes a minute and leaves a server: .ci/run does not; its parts are those of the tests' }],
  [
    /^(SCENARIO=\S+ |TEST_POSTGRES_IMAGE=\S+ )?scripts\/(test|test-mongodb|coverage)( |$)/,
    { not: 'it runs the tests, this one among them; CI calls it with these versions' },
  ],
  [/^scripts\/fetch-nextcrm$/, { by: 'test/unit/runner/fetch-nextcrm.test.ts' }],
  [/^npm audit$/, { not: 'scripts/audit asks it in CI: the list of known vulnerabilities is on the internet' }],
  [/^scripts\/format$/, { not: 'it changes files; the check of scripts/test unit fails where it would' }],
  [/^scripts\/release /, { by: 'test/unit/releasing/release.test.ts' }],
  [/^git push /, published],
  [/^(cosign|gh) /, published],
  [/^scripts\/make-sample /, { by: 'test/unit/sample/sample.test.ts' }],
  [/^scripts\/bench/, { not: 'takes minutes; its parts are tested in test/unit/benchmark' }],
  [/^jq /, { by: 'test/unit/docs/typed-commands.test.ts' }],
  [/^kubectl |^helm /, cluster],
  [/mongodump|^docker cp CONTAINER/, mongoTools],
  [/^docker (save|load)/, { not: 'copies images as it always does' }],
  [/^docker build -t nextcrm-migrate /, { by: 'test/image/support/image.ts' }],
  [/^git (clone|-C \.\.\/nextcrm-app) /, { not: 'needs the internet' }],
  [/^docker compose (build app|pull )/, { not: "builds and fetches NextCRM's own images, from the internet" }],
  [/^PGPASSWORD='PASSWORD' pg_restore /, { by: 'test/integration/upgrade/backup.test.ts' }],
  [
    /^PGPASSWORD='PASSWORD' docker compose run .* pg_restore /,
    sameAs('pg_restore, which test/image/contents.test.ts finds in the image'),
  ],
  [/ migrate --version$/, { by: 'test/image/contents.test.ts' }],
  [/^scripts\/build-image /, { by: 'test/image/contents.test.ts' }],
  [/^openssl rand /, { by: 'test/unit/docs/typed-commands.test.ts' }],
  [/^docker compose exec postgres psql|^docker compose -f \S+ exec postgres psql/, sameAs('exec -T postgres psql')],
  [/^sed -i\.bak '\/\^MONGODB_URL=/, beside],
  [/^docker compose (-p nextcrm-rehearsal )?(up|cp|run|exec|down)\b/, beside],
  [/deploy\/compose\/source-network\.yml/, { by: 'test/image/sources.test.ts' }],
  [/deploy\/compose\/secrets\.yml|^chmod /, { by: 'test/image/secrets.test.ts' }],
  [/ (build migrate|pull postgres)\b/, { not: 'needs an image registry' }],
  [/^migrate-compose (up|down|cp)|^docker compose -f docker-compose\.migrate\.yml (up|cp)/, compose],
  [/deploy\/compose\/app\.yml|^docker (stop|start) nextcrm-app$|^sed |^mv /, move],
  [/^docker compose -f docker-compose\.migrate\.yml (run|exec)/, move],
  [/^DATABASE_URL= docker compose -p nextcrm-rehearsal /, move],
  [/^migrate-compose (run|exec)\b/, sameAs('docker compose -f docker-compose.migrate.yml')],
  [/^migrate-compose stop$/, { by: 'test/image/interrupted.test.ts' }],
  [/^(migrate-compose pull|docker pull|docker push --all-tags)$/, { not: 'needs an image registry' }],
  [/^docker build -t nextcrm-app \.$/, { not: "builds NextCRM's own image, from the internet" }],
  [/^docker compose stop$/, { by: 'test/image/app.test.ts' }],
  [
    /^docker (compose|stop|inspect|stats|ps|network ls|compose (version|logs( --follow)? migrate|ls --all|config --images))$/,
    { not: "Docker's own: it shows what Docker knows, or is named and not typed" },
  ],
  [/^ip -4 addr show docker0$/, { not: 'shows an address of this machine' }],
  [/^scripts\/migrate \[/, { not: 'three commands in one: the program is started by the tests of test/system/program' }],
  [/^node scripts\/bundle\/main\.ts$/, { not: 'scripts/test does the same before it starts' }],
  [/^node node_modules\/prisma\/build\/index\.js studio$/, { not: 'opens a browser' }],
  [/^psql (\\copy|"\$DATABASE_URL")$/, { not: 'opens a session, or is named and not typed' }],
  [/^psql "\$ADMIN_URL"/, { not: 'recreates a database of the user' }],
];

const commands = [
  ...documents.flatMap(commandsOf),
  // What was changed, or weighed, is not typed.
  ...[...documents, ...globSync('.github/ISSUE_TEMPLATE/*.yml')]
    .filter((path) => path !== 'CHANGELOG.md' && !path.startsWith('docs/decisions/'))
    .flatMap(inlineCommandsOf),
];
const coverageOf = (text: string) => coverage.find(([pattern]) => pattern.test(text))?.[1];

test('every command is covered, or has a reason', () => {
  assert.ok(commands.length > 120, `${commands.length} commands`);
  const uncovered = commands.filter(({ text }) => coverageOf(text) === undefined);
  assert.equal(
    uncovered.map(({ document, text }) => `${document}: ${text}`),
    [],
  );
});

test('every entry is of a command, and every test of an entry exists', () => {
  for (const [pattern, of] of coverage) {
    assert.ok(
      commands.some(({ text }) => coverageOf(text) === of && pattern.test(text)),
      pattern.source,
    );
    if ('by' in of) assert.ok(existsSync(of.by), of.by);
    else assert.ok(of.not.length > 10);
  }
});

test('every script that a document names exists and can be executed', () => {
  const named = new Set(
    documents.flatMap((path) => [...read(path).matchAll(/\bscripts\/([\w-]+)(?![\w./-])/g)].map(([script]) => script)),
  );
  assert.ok(named.size > 10, 'scripts were found');
  for (const script of named) accessSync(script, constants.X_OK);
});

test('every test and folder of the sources that a document names exists', () => {
  const named = documents
    .filter((path) => path !== 'CHANGELOG.md')
    .flatMap((path) =>
      [...read(path).matchAll(/`((?:src|test|prisma|deploy)\/[\w./-]+)`/g)].map(([, name = '']) => ({ path, name })),
    );
  assert.ok(named.length > 40, 'names were found');
  const missing = named.filter(
    ({ name }) => !name.startsWith('deploy/compose/secrets/') && !existsSync(name) && !existsSync(`${name}.ts`),
  );
  assert.equal(
    missing.map(({ path, name }) => `${path}: ${name}`),
    [],
  );
});

const noJq = spawnSync('jq', ['--version']).status === 0 ? null : 'there is no jq here';
test.unless(noJq)('the questions to report.json have answers', () => {
  const asked = commands.filter(({ text }) => text.startsWith('jq '));
  assert.is(asked.length, 3);
  const answers = asked.map(({ text }) => {
    const [, filter = ''] = /'(.*)'/.exec(text) ?? [];
    const { status, stdout, stderr } = spawnSync('jq', ['-r', '-c', filter], {
      input: JSON.stringify(withFindings),
      encoding: 'utf8',
    });
    assert.is(status, 0, stderr);
    return stdout.trim();
  });
  assert.is(answers[0], 'findings');
  assert.match(answers[1] ?? '', /^DUPLICATE_KEY\tUsers\temail\t2$/m);
  assert.is(JSON.parse(answers[2] ?? '{}').rejected, 9);
});

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? null : 'there is no openssl here';
test.unless(noOpenssl)('a secret of NextCRM has 64 hexadecimal digits', () => {
  const [command] = commands.filter(({ text }) => text.startsWith('openssl '));
  const [program = '', ...args] = command?.text.split(' ') ?? [];
  assert.match(spawnSync(program, args, { encoding: 'utf8' }).stdout, /^[0-9a-f]{64}\n$/);
});

test.run();
