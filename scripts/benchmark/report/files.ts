/** Puts what was found into docs/: the figures as JSON, the tables between their marks, the picture. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const docs = new URL('../../../docs/', import.meta.url);
const jsonFile = new URL('performance.json', docs);
const pageFile = new URL('performance.md', docs);
const pictures = new URL('pictures/', docs);

type Part = 'measured' | 'queries' | 'worst';

/** The other parts stay as they are. */
export async function keep(part: Part, results: object, section: string): Promise<void> {
  const before = await readFile(jsonFile, 'utf8').catch(() => '{}');
  const all = { ...(JSON.parse(before) as Record<Part, unknown>), [part]: results };
  await writeFile(jsonFile, `${JSON.stringify(all, null, 2)}\n`);
  await formatted();
  await writeFile(pageFile, between(await readFile(pageFile, 'utf8'), part, section));
}

/** As every other file of the repository is formatted. */
async function formatted(): Promise<void> {
  const biome = fileURLToPath(new URL('../../../node_modules/@biomejs/biome/bin/biome', import.meta.url));
  await promisify(execFile)(process.execPath, [biome, 'format', '--write', fileURLToPath(jsonFile)]);
}

/** What stands between the two marks of a part is replaced; what is written by hand around them stays. */
export function between(page: string, part: Part, section: string): string {
  const [begin, end] = [`<!-- ${part}: begin -->`, `<!-- ${part}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has lost the marks "${begin}" and "${end}"`);
  return `${page.slice(0, from + begin.length)}\n\n${section}\n\n${page.slice(to)}`;
}

export async function writeChart(svg: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  await writeFile(new URL('performance.svg', pictures), svg);
}
