/**
 * A part of the page that is closed until somebody opens it. The page of a running migration reloads itself every few seconds, and a browser
 * forgets then what was opened: there everything is open, and the page needs no script. `isOpen`: it is open from the beginning.
 */
import { html, type Markup } from './markup.ts';
import type { Report } from './model.ts';

export function fold({ state }: Pick<Report, 'state'>, summary: string | Markup, body: Markup, isOpen = false): Markup {
  return html`<details${isOpen || state === 'running' ? html` open` : null}><summary>${summary}</summary>${body}</details>`;
}
