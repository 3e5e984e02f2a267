/** Questions that are put to a page inside the browser, as scripts: this program knows no document. */
import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

export const widerThanTheScreen = (page: Page): Promise<string[]> => probe(page, 'wider-than-the-screen');

export const faintTexts = (page: Page): Promise<{ readonly seen: number; readonly faint: string[] }> =>
  probe(page, 'faint-texts');

export const foldedAway = (page: Page): Promise<string[]> => probe(page, 'folded-away');

export const background = (page: Page): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');

/**
 * What axe-core finds against WCAG 2.2 AA and good practice; each with the elements. That the page of a running migration reloads itself is
 * what it is for: no step of the reader is lost by it (2.2.1, real-time events).
 */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  await page.evaluate(axe);
  const { violations } = await page.evaluate<Pick<AxeResults, 'violations'>>(
    `axe.run({ rules: { 'meta-refresh': { enabled: false } } })`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Which element has the focus, if an outline shows it; else nothing. */
export const focusShown = (page: Page): Promise<string> => probe(page, 'focus-shown');

async function probe<T>(page: Page, name: string): Promise<T> {
  return await page.evaluate<T>(await readFile(new URL(`probes/${name}.js`, import.meta.url), 'utf8'));
}
