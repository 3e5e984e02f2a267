/** A chapter of the operator's guide, so that a test does what it says, as a person would type it. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { type Block, blocksOf } from '../../support/document.ts';

export interface Part {
  readonly title: string;
  /** What is typed, in order. */
  readonly blocks: readonly Block[];
}

export const guide = await readFile(resolve('docs/operator.md'), 'utf8');

/** The parts of a chapter that have something to type. */
export async function partsOf(chapter: string): Promise<readonly Part[]> {
  const start = guide.indexOf(`\n## ${chapter}\n`);
  assert.ok(start >= 0, chapter);
  const end = guide.indexOf('\n## ', start + 1);
  const all = await blocksOf('docs/operator.md');
  return guide
    .slice(start, end < 0 ? undefined : end)
    .split(/^### /m)
    .slice(1)
    .map((part) => ({
      title: part.split('\n', 1)[0] ?? '',
      blocks: all.filter(({ text, info }) => info.startsWith('sh') && part.includes(`\n${text}\`\`\``)),
    }))
    .filter(({ blocks }) => blocks.length > 0);
}

/** Runs it in `cwd`. A block says which exit codes are meant; returns what it printed. */
export async function typed(
  { text, info }: Block,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const child = spawn('sh', ['-euc', text], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const code = await new Promise<number | null>((settle, reject) => {
    child.once('error', reject);
    child.once('close', settle);
  });
  const expected = info === 'sh' ? [0] : [0, 1];
  assert.ok(expected.includes(code ?? -1), `${text}\nended with ${code}:\n${output}`);
  return output;
}
