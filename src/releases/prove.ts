/** Every value that has a place in the release is there. By queries that share nothing with what restores. */

import { sourceIdsMax } from '../findings/finding.ts';
import { type IdsHash, idsHashOf, idsHashSum } from '../findings/ids-hash.ts';
import { stateSchema } from '../schema-name.ts';
import { literal } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { holds } from './record.ts';
import type { Releases } from './subject.ts';

export interface Misplaced {
  readonly subject: string;
  readonly table: string;
  readonly column: string | null;
  readonly count: number;
  /** The first ones. */
  readonly rowIds: readonly string[];
  /** Of all of them. */
  readonly idsHash: IdsHash;
}

export interface Proved {
  /** How many values were looked at. */
  readonly compared: number;
  readonly wrong: readonly Misplaced[];
  /** Rows whose own time says that people have worked with them since `since`: no finding. */
  readonly modified: readonly Misplaced[];
}

/** Of the subjects that were restored. `since`: the hand-over. Reads only. */
export async function proveReleases(
  session: Pick<Session, 'query'>,
  { subjects }: Releases,
  since: Date,
  signal?: AbortSignal,
): Promise<Proved> {
  const done = await session.query<{ subject: string }>(`select subject from ${stateSchema}.restored_subject`);
  const names = new Set(done.map(({ subject }) => subject));
  const wrong: Misplaced[] = [];
  const modified: Misplaced[] = [];
  let compared = 0;
  for (const { name, proofs = [] } of subjects.filter((subject) => names.has(subject.name))) {
    for (const proof of proofs) {
      signal?.throwIfAborted();
      if (proof.when !== undefined && !(await holds(session, proof.when))) continue;
      const [counted] = await session.query<{ n: string }>(proof.compared);
      compared += Number(counted?.n ?? 0);
      const time = `${literal(since.toISOString().slice(0, -1))}::timestamp`;
      const rows = await session.query<{ modified: boolean; n: string; row_ids: string; bits: string }>(
        `select modified, count(*) as n, to_json((array_agg(row_id order by row_id))[1:${sourceIdsMax}])::text as row_ids,
           ${idsHashSum('row_id')} as bits
         from (${proof.wrong.replaceAll('$since', time)}) w group by modified`,
      );
      for (const row of rows)
        (row.modified ? modified : wrong).push({
          subject: name,
          table: proof.table,
          column: proof.column,
          count: Number(row.n),
          rowIds: JSON.parse(row.row_ids) as string[],
          idsHash: idsHashOf(row.bits),
        });
    }
  }
  return { compared, wrong, modified };
}
