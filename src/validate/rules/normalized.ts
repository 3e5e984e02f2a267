/** The rules for columns that do not take every text: see `Normalize` of the catalog. */
import { crown, currencyNames } from '../../catalog/currency-names.ts';
import { changed, type Rule, recordsOf } from './rule.ts';
import { textOf } from './text.ts';

/** JavaScript's own white space, and the next line, which it does not count. */
const isBlank = (text: string): boolean => text.replaceAll('\u0085', '').trim() === '';

export function labelRule(rule: Rule): Rule {
  return (value, actual, recorded) => {
    const text = textOf(value);
    if (text === null || !isBlank(text.bytes.toString())) return rule(value, actual, recorded);
    return actual === null ? changed(...text.changes, ...recordsOf(value, 'BLANK_TO_NULL')) : 'differs';
  };
}

/** Which of its countries' codes a crown became is a matter of the company's currency: the proof of currencies looks at that. */
export function currencyRule(rule: Rule): Rule {
  return (value, actual, recorded) => {
    const text = textOf(value);
    if (text === null) return rule(value, actual, recorded);
    const codes = codesFor(text.bytes.toString());
    if (codes === null || (codes.length > 1 && recorded.every(({ code }) => code !== 'CURRENCY_NORMALIZED')))
      return rule(value, actual, recorded);
    if (actual === null || !codes.includes(actual.toString())) return 'differs';
    return changed(...text.changes, ...recordsOf(value, 'CURRENCY_NORMALIZED'));
  };
}

/** Null: the text stays as it is, being a code, or nothing that is known. */
function codesFor(text: string): readonly string[] | null {
  const typed = text.split('\u0085').join(' ').trim().normalize();
  const name = typed.toLocaleLowerCase('en');
  if (crown.names.some((known) => known === name)) return crown.codes;
  const known = new Map(Object.entries(currencyNames)).get(name) ?? (/^[a-zA-Z]{3}$/.test(typed) ? typed.toUpperCase() : null);
  return known === null || known === text ? null : [known];
}
