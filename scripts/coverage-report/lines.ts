/** Which lines of a file ran, from what V8 writes with NODE_V8_COVERAGE (its format: the DevTools protocol, Profiler.ScriptCoverage). */
import { stripTypeScriptTypes } from 'node:module';

export interface Range {
  /** Places in the text, the end excluded. */
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

export interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

/** For each line: whether any of it ran in this process; null for a line without code. */
export function coveredLines(text: string, { functions }: Pick<ScriptCoverage, 'functions'>): readonly (boolean | null)[] {
  // Outer ranges come before the inner ones that refine them.
  const ranges = functions
    .flatMap(({ ranges }) => ranges)
    .toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const ran = new Uint8Array(text.length);
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  let start = 0;
  let isInComment = false;
  // What Node runs: blanks where the types were, everything else in its place.
  const stripped = stripTypeScriptTypes(text, { mode: 'strip' });
  return stripped.split('\n').map((line) => {
    const from = start + (line.length - line.trimStart().length);
    const to = start + line.trimEnd().length;
    start += line.length + 1;
    const code = line.trim();
    const isComment = isInComment || code.startsWith('//') || code.startsWith('/*');
    if (isComment) isInComment = !code.endsWith('*/') && (isInComment || code.startsWith('/*'));
    // What only closes or imports is no code of its own.
    if (isComment || /^[\])}>,;]*$/.test(code) || /^import\b/.test(code)) return null;
    return ran.subarray(from, to).includes(1);
  });
}

/** Of several processes: a line ran if it ran in one of them. */
export function merged(one: readonly (boolean | null)[], other: readonly (boolean | null)[]): readonly (boolean | null)[] {
  return one.map((ran, index) => (ran === null ? null : ran || other[index] === true));
}
