/** HTML from templates in which every value is escaped unless it is markup of ours. */
import { printable } from './format.ts';

/** Finished markup. Made by `html` only. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = string | number | Markup | null | readonly Piece[];

export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  new Markup(strings.reduce((text, string, index) => `${text}${rendered(pieces[index - 1] ?? null)}${string}`));

function rendered(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(rendered).join('');
  // Line ends stay for `pre`; other control characters are shown, not sent.
  return String(piece)
    .split('\n')
    .map(printable)
    .join('\n')
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
