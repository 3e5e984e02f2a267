/** Questions that are put to a page inside the browser, as scripts: this program knows no document. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

export const widerThanTheScreen = (page: Page): Promise<string[]> => probe(page, 'wider-than-the-screen');

export const faintTexts = (page: Page): Promise<{ readonly seen: number; readonly faint: string[] }> =>
  probe(page, 'faint-texts');

export const foldedAway = (page: Page): Promise<string[]> => probe(page, 'folded-away');

export const background = (page: Page): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');

async function probe<T>(page: Page, name: string): Promise<T> {
  return await page.evaluate<T>(await readFile(new URL(`probes/${name}.js`, import.meta.url), 'utf8'));
}
