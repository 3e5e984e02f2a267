/** What a report says of the newest release: counted by the queries of the subjects, before an upgrade and after it alike. */
import type { Catalog } from '../catalog/index.ts';
import { count } from '../report/format.ts';
import type { InNextCrm } from '../report/nextcrm.ts';
import type { Session } from '../target/session.ts';
import { hasLedger, holds } from './record.ts';
import { restorable } from './restore.ts';
import { readReleaseState } from './state.ts';
import type { Advice, Condition } from './subject.ts';

const idsMax = 20;

/** Null for a target of an earlier version that nothing was prepared in. Reads only. */
export async function tellReleases(session: Session, { migrations, releases }: Catalog): Promise<InNextCrm | null> {
  if (!(await hasLedger(session))) return null;
  const { state } = await readReleaseState(session, migrations);
  const kinds: InNextCrm['kinds'][number][] = [];
  const firstSignIn: InNextCrm['firstSignIn'][number][] = [];
  const lookAt: InNextCrm['lookAt'][number][] = [];
  for (const { reported = [], advice = [] } of releases.subjects) {
    for (const { what, where, home, count, query, when, secrets = false } of reported)
      if (await applies(session, when)) kinds.push({ what, where, home, count: await counted(session, count), query, secrets });
    for (const one of advice) {
      const n = (await applies(session, one.when)) ? await counted(session, one.count) : 0;
      if (n === 0) continue;
      const line = { text: one.text.replace('{n}', count(n)), ids: await idsOf(session, one) };
      (one.section === 'look at' ? lookAt : firstSignIn).push(line);
    }
  }
  const restored = state === 'upgraded' && (await restorable(session, releases)).length === 0;
  return { state, restored, kinds, firstSignIn, lookAt };
}

const applies = async (session: Session, when: Condition | undefined) => when === undefined || (await holds(session, when));

async function counted(session: Session, text: string): Promise<number> {
  const [row] = await session.query<{ n: string }>(text);
  return Number(row?.n ?? 0);
}

async function idsOf(session: Session, { ids }: Advice): Promise<readonly string[]> {
  if (ids === undefined) return [];
  const rows = await session.query<{ id: string }>(`select id from (${ids}) named limit ${idsMax}`);
  return rows.map(({ id }) => id);
}
