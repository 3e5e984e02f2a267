/** The lines that a tally prints at the end of a run. */
import type { Tally } from '../../runner/tally.ts';

export function printed(tally: Tally): readonly string[] {
  const log = console.log;
  const lines: string[] = [];
  try {
    console.log = (line = '') => void lines.push(String(line));
    tally.print();
  } finally {
    console.log = log;
  }
  return lines.filter((line) => line !== '');
}
