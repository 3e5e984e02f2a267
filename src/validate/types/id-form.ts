/** Layer "types", ids: NextCRM's forms check them with zod 4, whose `z.uuid()` wants what RFC 9562 defines. */
import { literal, quoted } from '../../target/quoted.ts';
import type { Structure, TableStructure } from '../../target/structure.ts';
import type { Context } from '../context.ts';
import { readTexts } from '../texts.ts';

/** Versions 1 to 8 of the variant 10, nil and max: the expression `uuid()` of zod 4 (packages/zod/src/v4/core/regexes.ts). */
export const idForm =
  '^([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}-0{4}-0{4}-0{4}-0{12}|f{8}-f{4}-f{4}-f{4}-f{12})$';

/** Version and variant first, by their bits: the expression for every id took seconds a million. */
const unusual = '(get_byte(uuid_send(id), 6) >> 4) not between 1 and 8 or (get_byte(uuid_send(id), 8) >> 6) <> 2';

/** Returns how many tables were looked through. */
export async function checkIdForm({ target, findings, signal }: Context, actual: Structure): Promise<number> {
  const tables = Object.entries(actual.tables).filter(([, table]) => hasId(table));
  for (const [table] of tables) {
    signal.throwIfAborted();
    const text = `select id::text from public.${quoted(table)} where case when ${unusual} then id::text !~ ${literal(idForm)} else false end`;
    for await (const [id] of readTexts(target, text))
      findings.add('types', 'ID_INVALID', { collection: table, field: 'id', sourceId: id ?? '' });
  }
  return tables.length;
}

const hasId = ({ columns }: TableStructure) => columns.some(({ name, type }) => name === 'id' && type === 'uuid');
