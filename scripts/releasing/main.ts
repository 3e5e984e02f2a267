/** Prepares a version: scripts/release VERSION [--image NAME]. Edits, commits and tags; pushes nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { unreleased } from './changelog.ts';
import { edited, editedFiles } from './edits.ts';
import { git, remote } from './git.ts';
import { imageOf, isLater, repositoryOf } from './names.ts';

const repository = repositoryOf(remote());

function refuse(why: string, next: string): never {
  console.error(`scripts/release: ${why}\n                 ${next}`);
  process.exit(2);
}

function readArguments(args: readonly string[]): { readonly version: string; readonly image: string } {
  const [version = '', option, name, ...more] = args;
  const named = option === '--image' ? name : undefined;
  if (!/^\d+\.\d+\.\d+$/.test(version) || more.length > 0 || (option !== undefined && named === undefined))
    refuse(
      'the version is missing, or an argument is unknown.',
      'Usage: scripts/release 1.2.3 [--image ghcr.io/owner/nextcrm-migrate]',
    );
  const image = named ?? (repository === null ? null : imageOf(repository));
  if (image === null)
    refuse('the remote "origin" is not on GitHub.', 'Add it, or give the image: --image ghcr.io/owner/nextcrm-migrate');
  if (!image.endsWith('/nextcrm-migrate'))
    refuse(`the image ${image} has another name.`, 'It ends in /nextcrm-migrate, without a tag.');
  return { version, image };
}

const { version, image } = readArguments(process.argv.slice(2));
const files = new Map(editedFiles.map((path) => [path, readFileSync(path, 'utf8')]));
const current = (JSON.parse(files.get('package.json') ?? '{}') as { version: string }).version;
const tag = `v${version}`;

if (git('status', '--porcelain') !== '') refuse('the checkout has changes.', 'Commit them first.');
if (git('tag', '--list', tag) !== '') refuse(`the tag ${tag} exists.`, 'Choose a later version.');
// Without a tag too: 0.1.0 has its section in the CHANGELOG, and was never tagged.
if (!isLater(version, current)) refuse(`${version} is not later than ${current}.`, 'Choose a later version.');
if (unreleased(files.get('CHANGELOG.md') ?? '') === '')
  refuse('CHANGELOG.md has nothing under "Unreleased".', 'Write what the version changes for its users.');

const date = new Date().toISOString().slice(0, 10);
for (const [path, text] of edited(files, { version, date, image, repository })) writeFileSync(path, text);
git('add', '--', ...editedFiles);
git('commit', '--quiet', '--message', `Release ${version}`);
git('tag', '--annotate', '--message', `nextcrm-migrate ${version}`, tag);
console.log(`Version ${version} of ${image} is committed and tagged ${tag}. Check it with "git show", run scripts/test, then publish it:

  git push origin HEAD ${tag}

The tag starts .github/workflows/release.yml. To take it back before that: git tag --delete ${tag} && git reset --hard HEAD~1`);
