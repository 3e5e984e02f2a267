/** SQL that shows the rows behind a finding, to be pasted into psql. Names and ids are the source's: quoted, always. */
import { isRejectCode } from './codes.ts';
import type { Finding } from './model.ts';

/** Longer ids make a query that nobody pastes. */
const idLengthMax = 100;

export function queryFor(finding: Finding): string | null {
  const { code, layer, collection, field, sourceIds } = finding;
  if (collection === null) return null;
  const of = `collection = ${literal(collection)}`;
  const ids = sourceIds.filter((id) => id.length <= idLengthMax).map(literal);
  const among = ids.length === 0 || ids.length < sourceIds.length ? '' : ` and source_id in (${ids.join(', ')})`;
  if (isRejectCode(code) && layer === 'load') {
    return `select source_id, field, reason, document from nextcrm_migration.reject where ${of} and code = ${literal(code)}${fieldIs(field)} order by source_id;`;
  }
  switch (code) {
    case 'SOURCE_DAMAGED':
      return `select file, byte_offset, reason from nextcrm_migration.damage where ${of} order by file, byte_offset;`;
    case 'CHANGE_WRONG':
    case 'CHANGE_EXTRA':
    case 'CHANGE_MISSING':
      return `select * from nextcrm_migration.change where ${of}${fieldIs(field)}${among} order by source_id;`;
    case 'LEFTOVER_WRONG':
      return `select * from nextcrm_migration.leftover where ${of}${fieldIs(field)}${among} order by source_id;`;
    case 'REJECT_WRONG':
    case 'ROW_MISSING':
      return `select source_id, code, field, reason from nextcrm_migration.reject where ${of}${among} order by source_id;`;
    case 'ID_MAP_WRONG':
      return `select * from nextcrm_migration.id_map where ${of}${among} order by source_id;`;
    case 'FIELD_DIFFERS':
    case 'REFERENCE_LOST':
    case 'REFERENCE_INTRODUCED': {
      const shown = field === null ? 't.*' : `t.${identifier(field)}`;
      return `select m.source_id, m.id, ${shown} from public.${identifier(collection)} t join nextcrm_migration.id_map m on m.id = t.id where m.${of}${among} order by m.source_id;`;
    }
    default:
      return null;
  }
}

const fieldIs = (field: string | null): string => (field === null ? '' : ` and field = ${literal(field)}`);

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
