/** What the report says of a code: the texts of `texts/`, as plain text. */
import type { Code } from './codes.ts';
import { changeTexts } from './texts/changes.ts';
import { checkTexts } from './texts/checks.ts';
import { noteTexts } from './texts/notes.ts';
import { rejectTexts } from './texts/rejects.ts';
import type { CodeText } from './texts/text.ts';

export interface Advice {
  /** What happened. */
  readonly what: string;
  /** What to do next. */
  readonly next: string;
  /** What happened to the document or the value; empty where there is nothing to say. */
  readonly effect: string;
}

const texts: { readonly [C in Code]: CodeText } = { ...changeTexts, ...noteTexts, ...checkTexts, ...rejectTexts };
const byCode: ReadonlyMap<string, CodeText> = new Map(Object.entries(texts));

/** Returns advice for a code that is not known here, too: a report of another version may contain one. */
export function adviceFor(code: string, field: string | null = null): Advice {
  const text = byCode.get(code);
  if (text === undefined)
    return {
      what: 'This version does not know this code.',
      next: 'Look it up in docs/errors.md of the version that wrote it.',
      effect: '',
    };
  const action = (field === '_id' ? text.actionOfId : undefined) ?? text.action;
  return { what: plain(text.cause), next: plain(action), effect: plain(text.effect ?? '') };
}

const plain = (markdown: string): string => markdown.replaceAll('`', '');
