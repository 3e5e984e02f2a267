/** The rule for enum columns. */
import { decodeText, textBytes } from '../bson/scalar.ts';
import { bson } from '../bson/types.ts';
import { carried, changed, type Rule, recordsOf } from './rule.ts';

export function enumRule(labels: readonly string[]): Rule {
  return (value, actual) => {
    if (value.type !== bson.string) return 'cannot';
    const text = decodeText(textBytes(value));
    const label = labels.includes(text) ? text : labels.find((candidate) => lowerCase(candidate) === lowerCase(text));
    if (label === undefined) return 'cannot';
    if (actual === null || actual.toString() !== label) return 'differs';
    return label === text ? carried : changed(...recordsOf(value, 'ENUM_CASE'));
  };
}

/** Of ASCII letters only: the Kelvin sign is no k. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
