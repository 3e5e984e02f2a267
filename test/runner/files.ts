/** Which test files there are: test/<group>/**\/*.test.ts. */
import { glob } from 'node:fs/promises';
import type { Group, Wanted } from './arguments.ts';

export interface TestFile {
  /** Relative to the checkout. */
  readonly path: string;
  readonly group: Group;
}

export async function findTestFiles({ groups, filter }: Wanted): Promise<readonly TestFile[]> {
  const files: TestFile[] = [];
  for (const group of groups) {
    const paths = (await Array.fromAsync(glob(`test/${group}/**/*.test.ts`))).sort();
    files.push(...paths.filter((path) => path.includes(filter)).map((path) => ({ path, group })));
  }
  return files;
}
