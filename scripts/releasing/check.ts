/** Whether a tag may be published: scripts/release-check TAG. The version stands everywhere, and the CHANGELOG has its notes, which are printed. */
import { readFileSync } from 'node:fs';
import { notesOf } from './changelog.ts';
import { edited, editedFiles } from './edits.ts';
import { remote } from './git.ts';
import { repositoryOf } from './names.ts';

const tag = process.argv[2] ?? '';
const version = tag.replace(/^v/, '');
const files = new Map(editedFiles.map((path) => [path, readFileSync(path, 'utf8')]));
const changelog = files.get('CHANGELOG.md') ?? '';
const image = /MIGRATE_IMAGE:-([^}]+):\d+\.\d+\.\d+\}/.exec(files.get('docker-compose.migrate.yml') ?? '')?.[1] ?? '';
const notes = notesOf(changelog, version);
const again = edited(files, { version, date: '', image, repository: repositoryOf(remote()) });
const different = editedFiles.filter((path) => path !== 'CHANGELOG.md' && again.get(path) !== files.get(path));

if (!/^v\d+\.\d+\.\d+$/.test(tag) || image === '' || notes === null || notes === '' || different.length > 0) {
  console.error(`release-check: ${tag} is not a version that scripts/release has prepared.`);
  for (const path of different) console.error(`  ${path} has another version, image or repository`);
  if (image === '') console.error('  docker-compose.migrate.yml names no published image');
  if (!notes) console.error(`  CHANGELOG.md has no notes of ${version}`);
  process.exit(1);
}
console.log(notes);
