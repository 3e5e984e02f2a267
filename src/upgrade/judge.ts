/** What of the differences after an upgrade of NextCRM is a finding, and what is only to be known. */

import { adviceFor } from '../findings/advice.ts';
import { type Finding, sourceIdsMax } from '../findings/finding.ts';
import { addedUp, idsHash } from '../findings/ids-hash.ts';
import type { checkTexts } from '../findings/texts/checks.ts';
import type { Misplaced, Proved } from '../releases/prove.ts';
import type { Comparison, Difference, DifferenceKind } from './compare.ts';

export interface Note {
  readonly code: string;
  readonly what: string;
}

export interface Judged {
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
  /** How many fingerprints and values were looked at. */
  readonly compared: number;
}

const codes = {
  'table lost': 'UPGRADE_ROWS_LOST',
  'rows lost': 'UPGRADE_ROWS_LOST',
  'column lost': 'UPGRADE_VALUES_LOST',
  'values lost': 'UPGRADE_VALUES_LOST',
  'values changed': 'UPGRADE_VALUES_CHANGED',
} as const satisfies Record<DifferenceKind, keyof typeof checkTexts>;

export interface Circumstances {
  /** Nobody but the upgrade has written since the fingerprints were taken. People drop no tables and no columns. */
  readonly sealed: boolean;
  /** Each value was compared with the source besides, which says more than that there are others. */
  readonly isCompared?: boolean;
}

export function judge(comparison: Comparison, proved: Proved, { sealed, isCompared = false }: Circumstances): Judged {
  const isFinding = ({ kind }: Difference) => sealed || kind === 'table lost' || kind === 'column lost';
  const findings = comparison.differences.filter(isFinding);
  const later = isCompared ? [] : comparison.differences.filter((difference) => !isFinding(difference));
  const wrong = sealed ? merged([...proved.wrong, ...proved.modified]) : proved.wrong;
  const modified = sealed ? [] : proved.modified;
  return {
    findings: [...findings.map(findingOf), ...wrong.map(misplacedFinding)],
    notes: [
      ...(comparison.compared === 0 ? [notCompared()] : []),
      ...later.map((difference) => ({
        code: 'MODIFIED_SINCE',
        what: `${whatOf(difference)} It was modified after the migration.`,
      })),
      ...modified.map(({ table, column, count, rowIds }) => ({
        code: 'MODIFIED_SINCE',
        what: `${placeOf(table, column)}: ${counted(count, 'row')} modified after the migration (${rowIds.join(', ')}).`,
      })),
      ...comparison.retyped.map(({ table, column, from, to }) => ({
        code: 'TYPE_CHANGED',
        what: `${table}.${column} is now ${to} (before: ${from}); its values are the same.`,
      })),
    ],
    compared: comparison.compared + proved.compared,
  };
}

function notCompared(): Note {
  const { what, effect, next } = adviceFor('NOT_COMPARED');
  return { code: 'NOT_COMPARED', what: `${what} ${effect} ${next}` };
}

/** One for each place. */
function merged(misplaced: readonly Misplaced[]): readonly Misplaced[] {
  return [...Map.groupBy(misplaced, ({ subject, table, column }) => JSON.stringify([subject, table, column])).values()].flatMap(
    (group) => {
      const [first] = group;
      if (first === undefined) return [];
      return {
        ...first,
        count: group.reduce((sum, { count }) => sum + count, 0),
        rowIds: [...new Set(group.flatMap(({ rowIds }) => rowIds))].slice(0, sourceIdsMax),
        idsHash: addedUp(group.map((one) => one.idsHash)),
      };
    },
  );
}

function findingOf(difference: Difference): Finding {
  const { kind, table, column, sourceIds, mark } = difference;
  const code = codes[kind];
  return {
    code,
    layer: code === 'UPGRADE_ROWS_LOST' ? 'counts' : 'records',
    collection: table,
    field: column,
    count: Math.max(1, difference.count),
    sourceIds,
    idsHash: idsHash(sourceIds.length === 0 ? [mark] : sourceIds),
    what: whatOf(difference),
    next: nextOf(code),
  };
}

function misplacedFinding({ table, column, count, rowIds, idsHash: hash }: Misplaced): Finding {
  return {
    code: 'RESTORE_WRONG',
    layer: 'records',
    collection: table,
    field: column,
    count,
    sourceIds: rowIds,
    idsHash: hash,
    what: `${placeOf(table, column)}: ${counted(count, 'value')} not where NextCRM's release reads it.`,
    next: nextOf('RESTORE_WRONG'),
  };
}

function whatOf({ kind, table, column, count, sourceIds }: Difference): string {
  const place = placeOf(table, column);
  switch (kind) {
    case 'table lost':
      return `${place} no longer exists; it had ${counted(count, 'migrated row')}.`;
    case 'rows lost': {
      const ids = sourceIds.length === 0 ? '' : ` (${sourceIds.join(', ')}${count > sourceIds.length ? ', …' : ''})`;
      return `${place}: ${counted(count, 'migrated row')} no longer there${ids}.`;
    }
    case 'column lost':
      return `${place} no longer exists; it had ${counted(count, 'value')}.`;
    case 'values lost':
      return `${place}: ${counted(count, 'value')} no longer there.`;
    case 'values changed':
      return `${place} has other values than before the upgrade.`;
  }
}

const nextOf = (code: keyof typeof checkTexts): string => adviceFor(code).next;
const placeOf = (table: string, column: string | null) => (column === null ? table : `${table}.${column}`);
const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
