#!/usr/bin/env -S node --max-semi-space-size=4
/** The door: what goes wrong while the program is loaded must not end with Node's own 1, which means "findings" here. */
try {
  await import('./program.ts');
} catch {
  process.stderr.write('nextcrm-migrate cannot start: a part of it is missing or broken. Install it anew.\n');
  process.exit(70);
}
