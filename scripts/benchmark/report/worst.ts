/** The part of docs/performance.md about the worst cases, from the results alone. */
import { ratioMax, type WorstResult, type WorstResults } from '../worst/measure.ts';
import { table } from './table.ts';

export function worstSection({ measuredAt, revision, machine, versions, documents, results }: WorstResults): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${measuredAt.slice(0, 10)} at revision ${revision} by \`scripts/bench-worst\`: ${documents.toLocaleString('en')} documents a case, one run each, into a database of its own. ` +
      `The time of a document is that of the whole run, less that of a run of a few documents, by the number of documents; the ratio is to clean documents of the same collection.`,
    `Machine: ${machine.cpu}, ${machine.cores} cores, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB of memory, ${machine.system}. ${named.join(', ')}.`,
    table(['case', 'exit', 'seconds', 'µs a document', 'ratio', 'MB program'], results.map(rowOf)),
  ].join('\n\n');
}

function rowOf({ name, clean, exit, seconds, microsecondsADocument, ratio, rssBytesMax }: WorstResult): string[] {
  const shown = clean === null ? '' : `${ratio.toFixed(2)}${ratio > ratioMax ? ' **missed**' : ''}`;
  return [name, String(exit), seconds.toFixed(1), microsecondsADocument.toFixed(0), shown, (rssBytesMax / 1e6).toFixed(0)];
}
