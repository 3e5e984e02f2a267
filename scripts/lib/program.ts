/** The program that scripts and tests start: the one that lib/setup.sh names, which is the bundle, else the sources. */
import { fileURLToPath } from 'node:url';

export const program = process.env['NEXTCRM_MIGRATE_PROGRAM'] ?? fileURLToPath(new URL('../../src/main.ts', import.meta.url));
