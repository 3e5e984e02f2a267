/** The table that the terminal shows at the end: a line for each collection that has documents. */
import { count, shortened, wrapped } from './format.ts';
import type { Report } from './model.ts';
import { totalsOf } from './verdict.ts';

const columns = ['read', 'loaded', 'rejected', 'changed', 'leftover', 'links', 'seconds'] as const;
type Row = Readonly<Record<(typeof columns)[number], number>>;

export const tableWidthMax = 100;
const nameWidthMax = 30;

export function finalTable(report: Report): string {
  const entries = Object.entries(report.collections);
  const full = entries.filter(([, { read, links, leftover }]) => read + links + leftover > 0);
  const empty = [...entries.filter((entry) => !full.includes(entry)).map(([name]) => name), ...report.missingCollections];
  const rows: [string, Row][] = full.map(([name, balance]) => [shortened(name, nameWidthMax), balance]);
  if (full.length !== 1) rows.push(['in all', totalsOf(report)]);
  const cells = rows.map(([name, row]) => [name, ...columns.map((column) => cellOf(column, row[column]))]);
  const heads = ['collection', ...columns];
  const widths = heads.map((head, index) => Math.max(head.length, ...cells.map((line) => line[index]?.length ?? 0)));
  const drawn = (line: readonly string[]) =>
    line.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  ');
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const lines = cells.map(drawn);
  const total = full.length === 1 ? [] : [rule, lines.pop() ?? ''];
  const emptyLines = empty.length === 0 ? [] : wrapped(`empty: ${empty.sort().join(', ')}`, tableWidthMax);
  return [drawn(heads), rule, ...lines, ...total, ...emptyLines].join('\n');
}

const cellOf = (column: (typeof columns)[number], value: number): string =>
  column === 'seconds' ? value.toFixed(1) : count(value);
