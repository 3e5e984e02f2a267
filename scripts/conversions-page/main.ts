/** Writes docs/conversions.md. */
import { writeFile } from 'node:fs/promises';
import { nextcrm } from '../../src/catalog/nextcrm.ts';
import { conversionsPage } from './page.ts';

await writeFile(new URL('../../docs/conversions.md', import.meta.url), conversionsPage(nextcrm));
