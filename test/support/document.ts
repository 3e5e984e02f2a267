/** The fenced blocks of a document, for tests that do what it says. */
import { readFile } from 'node:fs/promises';

export interface Block {
  /** What stands behind the three backquotes. */
  readonly info: string;
  readonly text: string;
}

/** `path` from the root of the checkout. A document without a block fails. */
export async function blocksOf(path: string): Promise<readonly Block[]> {
  const text = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```(\S[^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = '', body = '']) => ({
    info,
    text: body,
  }));
  if (blocks.length === 0) throw new Error(`${path} has no fenced block`);
  return blocks;
}
