/**
 * Where the program's files are. It runs from its sources in `src/` and from the bundle in `build/`, which scripts/bundle makes of them: both
 * folders are in the root, and the programs have the same names in both. In a bundle this file is part of `build/main.js`.
 */
import { dirname, join } from 'node:path';

const { dirname: folder } = import.meta;

/** With package.json, the Prisma CLI's configuration, `prisma/` and `node_modules/`. */
export const root = dirname(folder);

/**
 * Options of Node for a process that uses WebAssembly for a second: V8 compiles it once and does not optimize it beside the work, which takes
 * half of the CPU time of such a process and saves nothing (docs/decisions/bundle.md).
 */
export const shortLived = ['--liftoff-only'];

/** A program that is run in a process of its own. */
export const childProgram = (name: 'prisma/schema-engine' | 'prisma/read-models-main'): string => join(folder, `${name}.ts`);
