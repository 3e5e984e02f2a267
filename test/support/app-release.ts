/** The files of NextCRM's own release that tests read; nothing of them is part of the project. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the checkout, beside the folder of its worktrees, or where scripts/fetch-nextcrm puts them. */
const places = ['../../../shared', '../../../../shared', '../../.cache'].map((place) =>
  fileURLToPath(new URL(place, import.meta.url)),
);
const release = 'nextcrm/0.21.2';
const found = places.find((place) => existsSync(`${place}/${release}`));

/** With `prisma/`, `docker-compose.yml` and so on. Not there where `appReleaseMissing` gives a reason. */
export const appRelease = `${found ?? places[0]}/${release}`;
export const appPrisma = `${appRelease}/prisma`;

/** Why tests that need these files are skipped; null where they are there. */
export const appReleaseMissing = found === undefined ? `${release} is not there: scripts/fetch-nextcrm brings it` : null;
