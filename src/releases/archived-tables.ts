/** What the subjects keep of each table, in one copy a table. */
import type { ArchivedTable, Releases } from './subject.ts';

export function archivedTablesOf({ subjects }: Releases): readonly ArchivedTable[] {
  return merged(subjects.flatMap(({ archives = [] }) => archives));
}

function merged(tables: readonly ArchivedTable[]): readonly ArchivedTable[] {
  const byTable = new Map<string, ArchivedTable>();
  for (const one of tables) {
    const found = byTable.get(one.table);
    const columns =
      found === undefined
        ? one.columns
        : found.columns === 'all' || one.columns === 'all'
          ? 'all'
          : [...found.columns, ...one.columns];
    byTable.set(one.table, { ...one, columns });
  }
  return [...byTable.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}
