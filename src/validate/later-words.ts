/** What a report says of a finding when NextCRM has written to the target since the migration. */
import type { FindingCode } from './finding-texts.ts';
import type { Later, Sign } from './later-work.ts';

interface Signed {
  readonly code: FindingCode;
  readonly collection: string | null;
  readonly sign: Sign | null;
}

export interface LaterWords {
  readonly what: string;
  /** Goes before what there is to do otherwise. */
  readonly next: string;
}

const structure: ReadonlySet<FindingCode> = new Set([
  'CATALOG_DIFFERS',
  'MODEL_UNREADABLE',
  'KEY_NOT_VALIDATED',
  'ARCHIVE_WRONG',
]);
/** What NextCRM's work can cause in the rows; the records of the migration and the source it never touches. */
const rows: ReadonlySet<FindingCode> = new Set([
  'ROW_EXTRA',
  'ROW_MISSING',
  'FIELD_DIFFERS',
  'REFERENCE_LOST',
  'LINK_MISSING',
  'LINK_EXTRA',
  'ID_MAP_WRONG',
  'COUNT_MISMATCH',
]);

/** Of each of all `groups`; null where there is nothing to add. */
export function laterWords(groups: readonly Signed[], later: Later | null): (group: Signed) => LaterWords | null {
  // A row that is gone is a sign of nothing, unless something else shows that NextCRM was at work.
  const hasWritten = later !== null && (later.migrations > 0 || groups.some(({ sign }) => sign === 'written'));
  if (later === null || !hasWritten) return () => null;
  const next = 'Nothing, where this is what people did in NextCRM. Otherwise: ';
  const ended = later.endedAt.toISOString();
  const releases = later.migrations === 1 ? '1 migration' : `${later.migrations} migrations`;
  return (group) => {
    if (structure.has(group.code) && later.migrations > 0)
      return { what: `Probably NextCRM's own work: a later release has run ${releases} here since ${ended}.`, next };
    if (!rows.has(group.code)) return null;
    switch (group.code === 'COUNT_MISMATCH' ? signOfCount(group, groups) : group.sign) {
      case 'written':
        return {
          what: `Probably NextCRM's own work: its times say that it was written after the migration ended (${ended}).`,
          next,
        };
      case 'gone':
        return {
          what: `Probably NextCRM's own work: it was there when the migration ended (${ended}), and NextCRM has written here since.`,
          next,
        };
      case null:
        return { what: 'NextCRM has written here since the migration, but this bears no sign of it.', next: '' };
    }
  };
}

/** The numbers differ because rows are more or fewer: they are NextCRM's work where all of these are. */
function signOfCount({ collection }: Signed, groups: readonly Signed[]): Sign | null {
  const ofCollection = groups.filter((group) => group.collection === collection);
  const moreOrFewer = ofCollection.filter(({ code }) => code === 'ROW_EXTRA' || code === 'ROW_MISSING');
  const isOther = ofCollection.some(({ code }) => ['SOURCE_CHANGED', 'SOURCE_DAMAGED', 'REJECT_WRONG'].includes(code));
  if (isOther || moreOrFewer.length === 0 || moreOrFewer.some(({ sign }) => sign === null)) return null;
  return moreOrFewer.some(({ sign }) => sign === 'written') ? 'written' : 'gone';
}
