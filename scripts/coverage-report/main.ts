/** Prints how many lines of each folder of src/ ran, from the files of a folder of V8's coverage: DIR. A file that no test loaded counts with none. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coveredLines, merged, type ScriptCoverage } from './lines.ts';

const folder = process.argv[2] ?? '';
const files = globSync('src/**/*.ts').filter((path) => !path.startsWith('src/prisma/client/'));
const texts = new Map(files.map((path) => [path, readFileSync(path, 'utf8')]));
const lines = new Map(files.map((path) => [path, coveredLines(texts.get(path) ?? '', { functions: [] })]));

for (const file of globSync(join(folder, '*.json'))) {
  const { result } = JSON.parse(readFileSync(file, 'utf8')) as { readonly result: readonly ScriptCoverage[] };
  for (const script of result.filter(({ url }) => url.startsWith('file:'))) {
    const path = relative('.', fileURLToPath(script.url));
    const before = lines.get(path);
    if (before !== undefined) lines.set(path, merged(before, coveredLines(texts.get(path) ?? '', script)));
  }
}

const totals = new Map<string, { lines: number; ran: number }>();
for (const [path, of] of lines) {
  const [, top = '.'] = dirname(path).split('/');
  for (const name of [top === '.' ? '(top)' : top, 'all']) {
    const total = totals.get(name) ?? { lines: 0, ran: 0 };
    total.lines += of.filter((ran) => ran !== null).length;
    total.ran += of.filter((ran) => ran === true).length;
    totals.set(name, total);
  }
}
console.log('| folder of src/ | lines of code | ran |\n|---|---|---|');
for (const [name, { lines: all, ran }] of [...totals].toSorted(([a], [b]) =>
  a === 'all' ? 1 : b === 'all' ? -1 : a < b ? -1 : 1,
))
  console.log(`| ${name} | ${all} | ${((ran / Math.max(1, all)) * 100).toFixed(0)} % |`);
