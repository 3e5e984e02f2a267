/** Every stable code of documents, values and findings, by kind. Their texts, and those of failures, lie in `texts/`. */
import { changeTexts } from './texts/changes.ts';
import { checkTexts } from './texts/checks.ts';
import { noteTexts } from './texts/notes.ts';
import { rejectTexts } from './texts/rejects.ts';

export type RejectCode = keyof typeof rejectTexts;
export type ChangeCode = keyof typeof changeTexts;
export type NoteCode = keyof typeof noteTexts;
export type CheckCode = keyof typeof checkTexts;
export type Code = RejectCode | ChangeCode | NoteCode | CheckCode;

const keysOf = <T extends object>(texts: T) => Object.keys(texts) as (keyof T)[];

export const rejectCodes: readonly RejectCode[] = keysOf(rejectTexts);
export const changeCodes: readonly ChangeCode[] = keysOf(changeTexts);
export const noteCodes: readonly NoteCode[] = keysOf(noteTexts);
export const checkCodes: readonly CheckCode[] = keysOf(checkTexts);

/** Each once. */
export const codes: readonly Code[] = [...new Set<Code>([...rejectCodes, ...changeCodes, ...noteCodes, ...checkCodes])];

export const isRejectCode = (code: string): boolean => (rejectCodes as readonly string[]).includes(code);
