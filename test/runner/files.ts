/** Which test files there are: test/<group>/**\/*.test.ts. */
import { glob } from 'node:fs/promises';
import type { Group, Wanted } from './arguments.ts';
import type { LeftOut } from './left-out.ts';

export interface TestFile {
  /** Relative to the checkout. */
  readonly path: string;
  readonly group: Group;
  /** Why each of its tests is skipped; undefined: they are run. */
  readonly leftOut?: string | undefined;
}

export async function findTestFiles({ groups, filter }: Wanted, leftOut: LeftOut): Promise<readonly TestFile[]> {
  const files: TestFile[] = [];
  for (const group of groups) {
    const paths = (await Array.fromAsync(glob(`test/${group}/**/*.test.ts`))).sort();
    files.push(...paths.filter((path) => path.includes(filter)).map((path) => ({ path, group, leftOut: leftOut[group] })));
  }
  return files;
}
