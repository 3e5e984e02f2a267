/** The table that the terminal shows at the end: a line for each collection that has documents. */
import { count, printable, shortened, wrapped } from './format.ts';
import type { Report } from './model.ts';
import { totalsOf } from './verdict.ts';

const columns = ['read', 'loaded', 'rejected', 'changed', 'leftover', 'links', 'seconds'] as const;
type Row = Readonly<Record<(typeof columns)[number], number>>;

export const tableWidthMax = 100;
const nameWidthMin = 12;
const gap = '  ';

export function finalTable(report: Report): string {
  const entries = Object.entries(report.collections);
  const full = entries.filter(([, { read, links, leftover }]) => read + links + leftover > 0);
  const empty = [...entries.filter((entry) => !full.includes(entry)).map(([name]) => name), ...report.missingCollections];
  const rows: (readonly [string, Row])[] = [...full, ...(full.length === 1 ? [] : [['total', totalsOf(report)] as const])];
  const cells = rows.map(([name, row]) => [printable(name), ...columns.map((column) => cellOf(column, row[column]))]);
  const heads = ['collection', ...columns.map((column) => (column === 'leftover' ? 'unmapped' : column))];
  const widths = heads.map((head, index) => Math.max(head.length, ...cells.map((line) => line[index]?.length ?? 0)));
  // The numbers are shown whole; a name takes what is left.
  const [nameWidth = 0, ...numberWidths] = widths;
  const left = tableWidthMax - numberWidths.reduce((sum, width) => sum + width + gap.length, 0);
  widths[0] = Math.min(nameWidth, Math.max(left, nameWidthMin));
  const rendered = (line: readonly string[]) =>
    line
      .map((cell, index) =>
        index === 0 ? shortened(cell, widths[0] ?? 0).padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join(gap);
  const rule = widths.map((width) => '─'.repeat(width)).join(gap);
  const lines = cells.map(rendered);
  const total = full.length === 1 ? [] : [rule, lines.pop() ?? ''];
  const emptyLines = empty.length === 0 ? [] : wrapped(`empty: ${empty.sort().join(', ')}`, tableWidthMax);
  return [rendered(heads), rule, ...lines, ...total, ...emptyLines].join('\n');
}

const cellOf = (column: (typeof columns)[number], value: number): string =>
  column === 'seconds' ? value.toFixed(1) : count(value);
