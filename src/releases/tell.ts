/** What a report says of the newest release: counted by the queries of the subjects, before an upgrade and after it alike. */
import type { Catalog } from '../catalog/index.ts';
import { count as countText } from '../report/format.ts';
import type { InNextCrm } from '../report/nextcrm.ts';
import type { Session } from '../target/session.ts';
import { hasLedger, holding } from './record.ts';
import { restorable } from './restore.ts';
import { readReleaseState } from './state.ts';
import type { Condition } from './subject.ts';

const idsMax = 20;

/** Null for a target of an earlier version that nothing was prepared in. Reads only. */
export async function tellReleases(session: Session, { migrations, releases }: Catalog): Promise<InNextCrm | null> {
  if (!(await hasLedger(session))) return null;
  const { state } = await readReleaseState(session, migrations);
  const reported = await counted(
    session,
    releases.subjects.flatMap((subject) => subject.reported ?? []),
  );
  const advice = (
    await counted(
      session,
      releases.subjects.flatMap((subject) => subject.advice ?? []),
    )
  ).filter(({ count }) => count > 0);
  const ids = await idsOf(
    session,
    advice.map(({ of }) => of.ids),
  );
  const linesIn = (section: 'first sign-in' | 'look at') =>
    advice.flatMap(({ of, count }, index) =>
      of.section === section ? [{ text: of.text.replace('{n}', countText(count)), ids: ids[index] ?? [] }] : [],
    );
  return {
    state,
    restored: state === 'upgraded' && (await restorable(session, releases)).length === 0,
    kinds: reported.map(({ of: { what, where, home, query, secrets = false }, count }) => ({
      what,
      where,
      home,
      count,
      query,
      secrets,
    })),
    firstSignIn: linesIn('first sign-in'),
    lookAt: linesIn('look at'),
  };
}

interface Countable {
  readonly count: string;
  readonly when?: Condition;
}

/** Those whose condition holds, each with its count: one round trip for all conditions, one for all counts. */
async function counted<T extends Countable>(
  session: Session,
  all: readonly T[],
): Promise<readonly { readonly of: T; readonly count: number }[]> {
  const holds = await holding(
    session,
    all.map(({ when = 'true' }) => when),
  );
  const applying = all.filter((_, index) => holds[index] === true);
  const counts = await valuesOf(
    session,
    applying.map(({ count }) => count),
  );
  return applying.map((of, index) => ({ of, count: Number(counts[index] ?? 0) }));
}

/** Of each query of ids the first ones. */
async function idsOf(session: Session, queries: readonly (string | undefined)[]): Promise<readonly (readonly string[])[]> {
  const values = await valuesOf(
    session,
    queries.map((ids) =>
      ids === undefined ? 'select null' : `select json_agg(id) from (select id from (${ids}) named limit ${idsMax}) first`,
    ),
  );
  return values.map((value) => (value ?? []) as readonly string[]);
}

/** Of queries that each give one value: one round trip. */
async function valuesOf(session: Session, queries: readonly string[]): Promise<readonly unknown[]> {
  if (queries.length === 0) return [];
  const [row] = await session.query(`select ${queries.map((query, index) => `(${query}) as v${index}`).join(',\n ')}`);
  return queries.map((_, index) => row?.[`v${index}`]);
}
