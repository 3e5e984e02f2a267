/** Runs the real program on a scenario's source, and says what happened to it beside what was expected. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceIdOf } from '../../src/bson/source-id.ts';
import type { Report } from '../../src/report/model.ts';
import { quoted } from '../../src/target/quoted.ts';
import type { Session } from '../../src/target/session.ts';
import { loadableDatabase } from './loadable-database.ts';
import { freshDatabase } from './postgres.ts';
import { dumpUrl, workplace } from './program.ts';
import { type Scenario, targetScript, writeSource } from './scenario.ts';
import { completed, outcomeOf, startOf } from './scenario-outcome.ts';
import { testSession } from './session.ts';

export interface ScenarioRun {
  readonly exit: number | string;
  readonly output: string;
  /** Null where a failure stopped the run. */
  readonly outcome: { readonly actual: unknown; readonly expected: unknown } | null;
  readonly failure: string | null;
  /** What breaks a promise that every source must find kept, in words. */
  readonly broken: readonly string[];
  /** The codes of changes, rejects, findings and notes. */
  readonly codes: readonly string[];
}

export async function runScenario(scenario: Scenario): Promise<ScenarioRun> {
  await using database = scenario.expected.emptyTarget ? await freshDatabase() : await loadableDatabase();
  await using place = await workplace();
  const dump = join(place.folder, 'dump', 'nextcrm');
  await writeSource(scenario, dump);
  const script = await targetScript(scenario);
  if (script !== '') {
    await using session = await testSession(database.url);
    await session.script(script);
  }
  const { exit, output } = await place.run([], { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url });
  const failure = /^\((\w+), exit code \d+\)$/m.exec(output)?.[1] ?? null;
  if (exit !== 0 && exit !== 1) return { exit, output, outcome: null, failure, broken: [], codes: [] };
  const report = await place.report();
  await using session = await testSession(database.url);
  return {
    exit,
    output,
    failure,
    outcome: {
      actual: await outcomeOf(session, report, scenario.expected),
      expected: completed(scenario.expected, await startOf(session)),
    },
    broken: [...imbalances(report), ...(await alteredRejects(session, dump)), ...(await liveScripts(place.volume))],
    codes: codesIn(report),
  };
}

function codesIn({ collections, findings, notes }: Report): string[] {
  return [
    ...Object.values(collections).flatMap(({ changes, rejects }) => [...Object.keys(changes), ...Object.keys(rejects)]),
    ...findings.map(({ code }) => code),
    ...notes.map(({ code }) => code),
  ];
}

/** read = loaded + rejected, fields = carried + changed + leftover; what is damaged is counted apart. */
function imbalances({ collections, findings }: Report): string[] {
  return Object.entries(collections).flatMap(([name, { known, read, loaded, rejected, fields }]) => {
    const damaged = findings.some(({ code, collection }) => code === 'SOURCE_DAMAGED' && collection === name);
    return [
      ...(known && read !== loaded + rejected && !damaged
        ? [`${name}: ${read} read, ${loaded} loaded, ${rejected} rejected`]
        : []),
      ...(fields.total !== fields.carried + fields.changed + fields.leftover || fields.carried < 0
        ? [`${name}: the fields do not balance: ${JSON.stringify(fields)}`]
        : []),
    ];
  });
}

/** A rejected document keeps its exact bytes: they stand in a file of the dump. */
async function alteredRejects(session: Session, dump: string): Promise<string[]> {
  const rows = await session.query<{ collection: string; source_id: string; bson: Buffer }>(
    'select collection, source_id, bson from nextcrm_migration.reject',
  );
  if (rows.length === 0) return [];
  const files = (await readdir(dump)).filter((file) => file.endsWith('.bson'));
  const bytes = Buffer.concat(await Promise.all(files.map((file) => readFile(join(dump, file)))));
  const altered: string[] = [];
  for (const { collection, source_id, bson } of rows) {
    if (!bytes.includes(bson)) altered.push(`${collection} ${source_id}: the rejected document's bytes are not in the source`);
    const [row] = await session.query(
      `select from public.${quoted(collection)} t join nextcrm_migration.id_map m on m.id = t.id where m.collection = $1 and m.source_id = $2`,
      [collection, source_id],
    );
    // Of several documents with one `_id`, another one has the row.
    const rejected = rows.filter((other) => other.collection === collection && other.source_id === source_id).length;
    if (row !== undefined && documentsOf(await readFile(join(dump, `${collection}.bson`)), source_id) > rejected) continue;
    if (row !== undefined) altered.push(`${collection} ${source_id}: rejected, and in its table too`);
  }
  return altered;
}

/** How many documents of an undamaged file have this `_id`. */
function documentsOf(file: Buffer, sourceId: string): number {
  let found = 0;
  for (let at = 0; at + 5 <= file.length; at += Math.max(5, file.readInt32LE(at)))
    if (sourceIdOf(file.subarray(at, at + file.readInt32LE(at))) === sourceId) found += 1;
  return found;
}

/** The page of the report is opened in a browser: what stands in a source must not run there. */
async function liveScripts(volume: string): Promise<string[]> {
  const page = await readFile(join(volume, 'report.html'), 'utf8');
  return /<script>alert|<img src=x/.test(page) ? ['report.html holds mark-up of the source'] : [];
}
