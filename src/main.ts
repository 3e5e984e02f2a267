#!/usr/bin/env -S MALLOC_MMAP_THRESHOLD_=6000000 node --max-semi-space-size=4 --expose-gc
/**
 * The entry point: what goes wrong while the program is loaded must not end with Node's own 1, which means "findings" here.
 * Its first line bounds the memory: a small young generation, garbage collected when we say so (src/source/garbage.ts), and no buffers
 * kept by glibc, which keeps the next ones for itself once it has freed one of many megabytes (mallopt(3), M_MMAP_THRESHOLD).
 */
try {
  await import('./program.ts');
} catch (error) {
  // Nothing has been read yet: such a message names modules and syntax, no values.
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  process.stderr.write(
    `nextcrm-migrate cannot start: loading the program failed.\n${cause}\nReinstall it (pull the image, or check out the release), then start again.\n(BUG, exit code 70)\n`,
  );
  process.exit(70);
}
