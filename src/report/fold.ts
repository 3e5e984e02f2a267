/**
 * A part of the page that is closed until somebody opens it. The page of a running migration reloads itself every few seconds, and a browser
 * forgets then what was opened: there everything is open, and the page needs no script.
 */
import { html, type Markup } from './markup.ts';
import type { Report } from './model.ts';

export function fold({ state }: Pick<Report, 'state'>, summary: string, body: Markup): Markup {
  if (state === 'running') return html`<details open><summary>${summary}</summary>${body}</details>`;
  return html`<details><summary>${summary}</summary>${body}</details>`;
}
