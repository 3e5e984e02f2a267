/** How many records the ledger has, counted by the server. */
import { stateSchema } from '../schema-name.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

export type CountsByCode = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** By collection and code. */
export async function countByCode(session: Session, table: 'change' | 'reject'): Promise<CountsByCode> {
  const rows = await session.query<{ collection: string; code: string; n: string }>(
    `select collection, code, count(*) as n from ${stateSchema}.${table} group by 1, 2 order by 1, 2`,
  );
  const byCollection = new Map<string, Map<string, number>>();
  for (const { collection, code, n } of rows) {
    const codes = byCollection.get(collection) ?? new Map<string, number>();
    byCollection.set(collection, codes.set(code, Number(n)));
  }
  return byCollection;
}

export async function countLeftovers(session: Session): Promise<ReadonlyMap<string, number>> {
  return await countsOf(session, `select collection, count(*) as n from ${stateSchema}.leftover group by 1`);
}

export interface LeftoverCounts {
  readonly collection: string;
  /** Null: whole documents. */
  readonly field: string | null;
  readonly values: number;
}

/** By field, the most frequent first, up to `fieldsMax` of each collection. */
export async function countLeftoverFields(session: Session, fieldsMax: number): Promise<readonly LeftoverCounts[]> {
  const rows = await session.query<{ collection: string; field: string | null; n: string }>(
    `select collection, field, n from (
       select collection, field, n, row_number() over (partition by collection order by n desc, field collate "C") as place
       from (select collection, left(field, 200) as field, count(*) as n from ${stateSchema}.leftover group by 1, 2) counted) ranked
     where place <= $1 order by collection collate "C", place`,
    [String(fieldsMax)],
  );
  return rows.map(({ collection, field, n }) => ({ collection, field, values: Number(n) }));
}

/** Records of leftovers that nobody has to look at, by collection: of these fields (pairs in SQL), and of these collections. */
export async function countObsolete(
  session: Session,
  fields: readonly string[],
  collections: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  return await countsOf(
    session,
    `select collection, count(*) as n from ${stateSchema}.leftover
     where (field is not null and (collection, field) in (${fields.join(', ') || '(null, null)'}))
       or (field is null and collection in (${collections.map(literal).join(', ') || 'null'})) group by 1`,
  );
}

/**
 * Fields that were present and are not as they were, of those that `known` (pairs of collection and field in SQL) names: one each,
 * however many records they have. A field that only a correction gives to the document is none of them; one that a correction takes from
 * it may leave its place to a former name: these are two. Any other field is a leftover, whatever else is recorded of it; in one of
 * `copied` a renamed field is a copy, which stands for no field.
 */
export async function countChangedFields(
  session: Session,
  known: readonly string[],
  copied: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const isCopy = copied.length === 0 ? 'false' : `c.code = 'RENAMED_FIELD' and (c.collection, c.field) in (${copied.join(', ')})`;
  return await countsOf(
    session,
    `select collection, sum(renamed::int + (corrected or not (renamed or given))::int) as n
     from (select c.collection, bool_or(c.code = 'RENAMED_FIELD') as renamed,
             bool_or(c.code = 'CORRECTED' and c.original is not null) as corrected,
             bool_or(c.code = 'CORRECTED' and c.original is null) as given
           from ${stateSchema}.change c
           where (c.original is not null or c.code = 'CORRECTED') and not (${isCopy}) and (c.collection, c.field) in (${known.join(', ')})
           group by c.collection, c.source_id, c.field) changed
     group by 1`,
  );
}

export interface FormerCounts {
  /** The present name. */
  readonly collection: string;
  readonly formerName: string;
  readonly documents: number;
}

/** Documents of collections of a former name that became part of another collection. */
export async function countFormer(session: Session): Promise<readonly FormerCounts[]> {
  // An earlier version made no such table.
  const [there] = await session.query<{ there: boolean }>(`select to_regclass('${stateSchema}.former') is not null as there`);
  if (there?.there !== true) return [];
  const rows = await session.query<{ collection: string; former_name: string; n: string }>(
    `select collection, former_name, count(*) as n from ${stateSchema}.former group by 1, 2`,
  );
  return rows.map(({ collection, former_name, n }) => ({ collection, formerName: former_name, documents: Number(n) }));
}

export async function countRejected(session: Session, collection: string): Promise<number> {
  const [row] = await session.query<{ n: string }>(`select count(*) as n from ${stateSchema}.reject where collection = $1`, [
    collection,
  ]);
  return Number(row?.n);
}

/** Documents of the collection that have a row, or are whole leftovers. */
export async function countLoaded(
  session: Session,
  { collection, known }: { readonly collection: string; readonly known: boolean },
): Promise<number> {
  const [row] = known
    ? await session.query<{ n: string }>(`select count(*) as n from public.${quoted(collection)}`)
    : await session.query<{ n: string }>(
        `select count(*) as n from ${stateSchema}.leftover where collection = $1 and field is null`,
        [collection],
      );
  return Number(row?.n);
}

async function countsOf(session: Session, query: string): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query<{ collection: string; n: string }>(query);
  return new Map(rows.map(({ collection, n }) => [collection, Number(n)]));
}
