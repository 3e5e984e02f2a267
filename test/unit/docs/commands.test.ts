/** The commands and settings that the documents name: none that loses data unsaid, none that is missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as assert from 'uvu/assert';
import { appRelease } from '../../support/app-release.ts';
import { suite } from '../../support/suite.ts';

const test = suite('docs/commands');

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const deployed = filesOf('deploy');
const compose = [...deployed.filter((path) => path.startsWith('deploy/compose/')), 'docker-compose.migrate.yml'];
const documents = ['README.md', ...filesOf('docs').filter((path) => path.endsWith('.md')), ...deployed, ...compose];
const read = (path: string) => readFileSync(path, 'utf8');

/** By name: the same file is named with its folder or without. */
const withClaim = deployed.filter((path) => /^kind: PersistentVolumeClaim$/m.test(read(path))).map((path) => basename(path));

test('no command deletes or replaces a file that holds a volume claim', () => {
  assert.ok(withClaim.length > 0, 'no file holds a claim');
  const commands = documents.flatMap((path) => read(path).match(/kubectl (?:apply|create|delete|replace)\b[^\n`]*/g) ?? []);
  assert.ok(commands.length > 5, 'commands were found');
  for (const command of commands) {
    for (const part of command.split(/&&|;/).filter((text) => /kubectl (?:delete|replace)\b/.test(text)))
      for (const [, file = ''] of part.matchAll(/(?:-f|--filename)[ =](\S+)/g))
        assert.not.ok(withClaim.includes(basename(file)), command);
  }
});

test('where down --volumes is named in the guide, what it deletes is said above', () => {
  const paragraphs = read('docs/operator.md').split(/\n(?=#+ )/);
  const naming = paragraphs.filter((text) => / down --volumes$/m.test(text));
  assert.is(naming.length, 5);
  for (const text of naming) assert.match(text, /deletes/, text.slice(0, 40));
});

test('the new NextCRM shares no Compose project with the old one, which a folder of its name would make', () => {
  const guide = read('docs/operator.md');
  const [, clonedInto = ''] = /^ {4}git clone --branch \S+ \S+\/nextcrm-app\.git (\S+)$/m.exec(guide) ?? [];
  assert.not.equal(clonedInto, '');
  assert.not.equal(clonedInto, 'nextcrm-app');
  // Images are built before .env is written: the folder and the setting must give the same name.
  assert.match(guide, new RegExp(`^ {4}COMPOSE_PROJECT_NAME=${clonedInto}$`, 'm'));
  assert.match(guide, `typed in the folder \`${clonedInto}\``);
});

test('the release of NextCRM that is named is the one of the tests', () => {
  const named = documents.flatMap((path) =>
    [...read(path).matchAll(/(?:NextCRM |\bnextcrm:|--branch v|release )\(?(\d+\.\d+\.\d+)/g)].map(
      ([, release]) => `${path}: ${release}`,
    ),
  );
  assert.ok(named.length > 6, `${named.length} places`);
  assert.equal(
    named.filter((place) => !place.endsWith(`: ${basename(appRelease)}`)),
    [],
  );
});

test('a backup is a folder, by a command that can be typed as it stands', () => {
  const commands = read('docs/operator.md').match(/mongodump --\S+ [^\n]*/g) ?? [];
  assert.ok(commands.length >= 2, 'commands were found');
  for (const command of commands) {
    assert.match(command, /--uri 'mongodb:.* --out /);
    assert.not.match(command, /--archive|\$MONGODB_URL|host\.docker\.internal/);
  }
});

test('every setting of the compose files is in the guide, but those of the tests', () => {
  const names = new Set(compose.flatMap((path) => [...read(path).matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name)));
  assert.ok(names.size > 8, 'settings were found');
  // COMPOSE_PROFILES is Compose's own.
  for (const name of ['SECRETS_DIR', 'APP_ENV_FILE', 'COMPOSE_PROFILES']) assert.ok(names.delete(name), name);
  const guide = read('docs/operator.md');
  for (const name of names) assert.match(guide, new RegExp(`\\b${name}\\b`), name);
});

test('every file that a command names with -f is there', () => {
  const named = documents.flatMap((path) =>
    [...read(path).matchAll(/ -f (?:PATH\/)?((?:deploy\/|docker-)[^\s`']+)/g)]
      .map(([, file = '']) => file)
      // NextCRM's own, in its checkout.
      .filter((file) => file !== 'docker-compose.yml'),
  );
  assert.ok(named.length > 10, 'files were found');
  for (const file of named) assert.ok(read(file).length > 0, file);
});

test.run();
