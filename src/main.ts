#!/usr/bin/env -S node --max-semi-space-size=4 --heap-growing-percent=20
/**
 * The door: what goes wrong while the program is loaded must not end with Node's own 1, which means "findings" here.
 * Its first line has the heap collected early: by itself V8 lets garbage pile up to a multiple of what is in use.
 */
try {
  await import('./program.ts');
} catch {
  process.stderr.write('nextcrm-migrate cannot start: a part of it is missing or broken. Install it anew.\n');
  process.exit(70);
}
