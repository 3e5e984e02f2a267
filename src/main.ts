#!/usr/bin/env -S MALLOC_MMAP_THRESHOLD_=6000000 node --max-semi-space-size=4 --expose-gc
/**
 * The door: what goes wrong while the program is loaded must not end with Node's own 1, which means "findings" here.
 * Its first line bounds the memory: a small young generation, garbage collected when we say so (src/source/garbage.ts), and no buffers
 * kept by glibc, which keeps the next ones for itself once it has freed one of many megabytes (mallopt(3), M_MMAP_THRESHOLD).
 */
try {
  await import('./program.ts');
} catch {
  process.stderr.write('nextcrm-migrate cannot start: a part of it is missing or broken. Install it anew.\n');
  process.exit(70);
}
