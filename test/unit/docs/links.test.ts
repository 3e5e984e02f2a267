/** Every link of every document leads to a file and a heading that exist; so does every chapter that a message or a document names. */
import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { anchorsOf, documents, headingsOf, read } from './documents.ts';

const test = suite('docs/links');

interface Link {
  readonly document: string;
  readonly target: string;
}

const links: readonly Link[] = documents.flatMap((document) => {
  const text = read(document)
    .replaceAll(/^ *```[\s\S]*?^ *```/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ document, target }));
});

test('documents and links were found', () => {
  assert.ok(documents.length > 15 && links.length > 80, `${documents.length} documents, ${links.length} links`);
});

test('links to files and headings', () => {
  const broken = links
    .filter(({ target }) => !/^https?:/.test(target))
    .filter(({ document, target }) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? document : normalize(join(dirname(document), path));
      if (!existsSync(file)) return true;
      return anchor !== undefined && !anchorsOf(file).has(anchor);
    })
    .map(({ document, target }) => `${document}: ${target}`);
  assert.equal(broken, []);
});

test('chapters that are named in quotation marks', () => {
  const files = [
    ...documents,
    ...globSync([
      '*.yml',
      'entrypoint.sh',
      'Dockerfile',
      '.github/**/*.yml',
      '{src,scripts,deploy}/**/*.{ts,yml,yaml,sh,sql,tpl}',
    ]),
  ].filter((file) => !file.startsWith('src/prisma/client/'));
  const named = files.flatMap((file) =>
    [...read(file).matchAll(/\b((?:docs\/)?[\w-]+\.md), (?:“([^”]+)”|"([^"]+)")/g)].map(([, path = '', curly, straight]) => ({
      file,
      path,
      heading: curly ?? straight ?? '',
    })),
  );
  assert.ok(named.length > 3, `${named.length} chapters`);
  const missing = named
    .filter(({ file, path, heading }) => {
      const at = [path, `docs/${path}`, join(dirname(file), path)].find((one) => existsSync(one));
      return at === undefined || !headingsOf(at).includes(heading);
    })
    .map(({ file, path, heading }) => `${file}: ${path}, “${heading}”`);
  assert.equal(missing, []);
});

test('links to other sites use TLS', () => {
  for (const { document, target } of links) assert.not.match(target, /^http:/, document);
});

test('every document is reached from the README or the index', () => {
  const indexed = new Set(
    links
      .filter(({ document }) => document === 'README.md' || document === 'docs/README.md')
      .map(({ document, target }) => normalize(join(dirname(document), target.split('#')[0] ?? ''))),
  );
  const left = documents.filter((path) => !indexed.has(path) && !/^docs\/decisions\/|^\.github\/|^README\.md$/.test(path));
  assert.equal(left, []);
});

test.run();
