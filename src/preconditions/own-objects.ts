/** What the migrations create in `public`, by the names that may be in their way. */
import type { Catalog } from '../catalog/index.ts';
import { migrationNamesOf } from '../prisma/history.ts';
import type { Own } from '../target/preflight/requirement.ts';

export function ownObjects({ naming, structure, migrations }: Catalog): Own {
  const { tables, enums, functions, extensions } = structure;
  return {
    ...naming,
    tables: Object.keys(tables),
    enums: Object.keys(enums),
    indexes: Object.values(tables).flatMap(({ indexes, primaryKey }) => [
      ...indexes.map(({ name }) => name),
      ...(primaryKey === null ? [] : [primaryKey.name]),
    ]),
    functions: functions.map(({ name }) => name),
    extensions,
    migrations: migrationNamesOf(migrations),
  };
}
