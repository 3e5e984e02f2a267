/** A table of report.html, in a frame that scrolls where the screen is narrow, also by keyboard. */
import { html, type Markup } from './markup.ts';

export type Head = readonly [title: string, kind: 'text' | 'number'];

/** `label`: what a screen reader calls the frame. */
export function dataTable(label: string, heads: readonly Head[], rows: readonly Markup[], foot: Markup | null = null): Markup {
  const head = heads.map(
    ([title, kind]) =>
      html`<th scope="col" class="${kind === 'number' ? 'n' : ''}">${title.replace(/^./, (letter) => letter.toUpperCase())}</th>`,
  );
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody>${foot === null ? null : html`<tfoot>${foot}</tfoot>`}</table></div>`;
}
