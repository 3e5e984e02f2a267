/** The files of NextCRM's own release that tests read, beside the checkout; nothing of them is part of the project. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the checkout, or beside the folder of its worktrees. */
const places = ['../../../shared', '../../../../shared'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
const release = 'nextcrm/0.21.2';
const shared = places.find((place) => existsSync(`${place}/${release}`));

/** With `prisma/`, `docker-compose.yml` and so on. Not there where `appReleaseMissing` gives a reason. */
export const appRelease = `${shared ?? places[0]}/${release}`;
export const appPrisma = `${appRelease}/prisma`;

/** Why tests that need these files are skipped; null where they are there. */
export const appReleaseMissing = shared === undefined ? `../shared/${release} is not there` : null;
