/** What NextCRM's later releases need is there at the hand-over: a row for each value that becomes a key, no number out of range. */
import type { Context } from './context.ts';
import { readTexts } from './texts.ts';

export async function checkPrepared({
  catalog,
  target,
  findings,
}: Pick<Context, 'catalog' | 'target' | 'findings'>): Promise<void> {
  for (const { prepared = [] } of catalog.releases.subjects)
    for (const { table, column, wrong } of prepared)
      for await (const [rowId] of readTexts(target, wrong))
        findings.add('records', 'PREPARE_WRONG', { collection: table, field: column, sourceId: rowId ?? '' });
}
