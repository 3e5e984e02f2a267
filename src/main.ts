#!/usr/bin/env -S MALLOC_MMAP_THRESHOLD_=6000000 node --max-semi-space-size=4 --heap-growing-percent=20 --expose-gc
/**
 * The door: what goes wrong while the program is loaded must not end with Node's own 1, which means "findings" here.
 * Its first line bounds the memory. V8 by itself lets garbage pile up to a multiple of what is in use; and glibc, once it has freed a
 * buffer of many megabytes, keeps the next ones for itself (mallopt(3), M_MMAP_THRESHOLD).
 */
try {
  await import('./program.ts');
} catch {
  process.stderr.write('nextcrm-migrate cannot start: a part of it is missing or broken. Install it anew.\n');
  process.exit(70);
}
