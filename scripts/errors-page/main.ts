/** Writes docs/errors.md. */
import { writeFile } from 'node:fs/promises';
import { errorsPage } from './page.ts';

await writeFile(new URL('../../docs/errors.md', import.meta.url), errorsPage());
