/** Numbers, times and foreign names as people read them. Names and ids come from the source and may hold anything. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const count = (value: number): string => grouped.format(value);

/** "1 document", "2 documents". */
export const counted = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;

/** Never 100 before all is done, never 0 once something is. */
export function percent(fraction: number): string {
  if (fraction >= 1) return '100 %';
  if (fraction <= 0) return '0 %';
  return `${Math.max(1, Math.floor(fraction * 100))} %`;
}

/** "0.4 s", "12 s", "3 min 05 s", "2 h 07 min". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${padded(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${padded(minutes % 60)} min`;
}

/** Decimal units, as disks and dumps are sold and listed. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)), units.length - 1);
  const scaled = value / 1000 ** power;
  return `${power === 0 || scaled >= 99.95 ? Math.round(scaled) : scaled.toFixed(1)} ${units[power]}`;
}

/** "2026-01-31 09:45:00 UTC" from an ISO time. */
export const moment = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

/**
 * Control characters, and those that turn the direction of writing, in sight: a name of the source must not move the
 * cursor of a terminal or hide a part of a line.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** C0, DEL and C1; line and paragraph separators; marks, embeddings, overrides and isolates of direction; byte order mark; lone surrogates. */
const unprintable = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\p{Cs}]/gu;

/** Printable, and no longer than `lengthMax` characters. */
export function shortened(text: string, lengthMax: number): string {
  const shown = printable(text);
  return shown.length <= lengthMax ? shown : `${shown.slice(0, lengthMax - 1)}…`;
}

/** Words in lines of at most `width` characters; a longer word is cut. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? shortened(word, width) : `${line} ${shortened(word, width)}`;
  }
  return line === '' ? lines : [...lines, line];
}

const padded = (value: number): string => String(value).padStart(2, '0');
