/** The part of docs/performance.md about the app's queries, from the results alone. */
import type { QueryResult, QueryResults } from '../queries/measure.ts';
import { largeRows } from '../queries/plan.ts';
import { table } from './table.ts';

const coldMsMax = 100;
const warmMsMax = 10;

export function queriesSection(results: QueryResults): string {
  const { machine, versions, queries, documents, restarts, empty } = results;
  const beyond = queries.flatMap((query) => {
    const why = beyondGoals(query);
    return why.length === 0 ? [] : [[nameOf(query), why.join('; '), remedyOf(query)]];
  });
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${results.measuredAt.slice(0, 10)} at revision ${results.revision} by \`scripts/bench --queries\`: ${documents.toLocaleString('en')} documents migrated, ` +
      `${queries.length} queries through Prisma Client, 60 calls each when warm, and once each after ${restarts} restarts of the server. Values are such as rows have, the rarest ones, ` +
      `and an id that no row has; words are the four that most rows have, some of all, and one that none has; lists have 50 rows, the newest first. Milliseconds from the call to the objects.`,
    `Machine: ${machine.cpu}, ${machine.cores} cores, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB of memory, ${machine.system}. ${named.join(', ')}. Settings of the server: ${results.server}. ` +
      'A restart ends the server as a power cut does: nothing is left in its memory, while the system may still have the files in its cache.',
    summary(queries),
    beyond.length === 0
      ? 'Every query keeps within its goals.'
      : `Beyond the goals (no index is added to the app's tables without a decision; the last column says which one would help):\n\n${table(['query', 'what', 'would help'], beyond)}`,
    'Columns "without an index" look like something to filter by, yet neither the app\'s own migration nor ours has an index for them, and no query of the app is known that needs one.',
    empty.length === 0 ? '' : `Not measured, since they hold nothing in the sample: ${empty.join(', ')}.`,
    `<details><summary>All queries</summary>\n\n${all(queries)}\n\n</details>`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const warmLimitOf = ({ work }: QueryResult) => (work === 'search' ? coldMsMax : warmMsMax);

function beyondGoals(query: QueryResult): readonly string[] {
  const { warm, cold, scans } = query;
  return [
    ...(warm.p95 < warmLimitOf(query) ? [] : [`warm ${warm.p95} ms (goal: under ${warmLimitOf(query)})`]),
    ...(cold.p95 < coldMsMax ? [] : [`after a restart ${cold.p95} ms (goal: under ${coldMsMax})`]),
    ...scans.map((scanned) => `reads all of ${scanned}`),
  ];
}

function remedyOf({ work, table: of, column, sort }: QueryResult): string {
  if (work === 'search') return 'fewer hits: the list is sorted over all of them';
  if (sort === null || sort === column)
    return work === 'without an index' ? `an index on ${of} (${column})` : 'none: its index is there';
  return `an index on ${of} (${column}, ${sort})`;
}

function nameOf({ table: of, work, column, sort }: QueryResult): string {
  if (work === 'search') return `${of}: search, ${column}`;
  if (work === 'newest') return `${of}: the newest by ${column}`;
  return `${of}: by ${column}${sort === null || sort === column ? '' : `, newest ${sort}`}`;
}

function summary(queries: readonly QueryResult[]): string {
  const works = [...new Set(queries.map(({ work }) => work))];
  const rows = works.map((work) => {
    const those = queries.filter((query) => query.work === work);
    const worst = (of: (query: QueryResult) => number) => Math.max(...those.map(of)).toFixed(1);
    const scanning = those.filter(({ scans }) => scans.length > 0).length;
    const within = those.filter((query) => beyondGoals(query).length === 0).length;
    return [
      work,
      String(those.length),
      worst(({ warm }) => warm.p50),
      worst(({ warm }) => warm.p95),
      worst(({ cold }) => cold.p50),
      worst(({ cold }) => cold.p95),
      String(scanning),
      `${within} of ${those.length}`,
    ];
  });
  const head = [
    'kind',
    'queries',
    'warm p50',
    'warm p95',
    'cold p50',
    'cold p95',
    `scans above ${largeRows.toLocaleString('en')} rows`,
    'within goals',
  ];
  return `The slowest of each kind (goals: p95 under ${coldMsMax} ms cold, under ${warmMsMax} ms warm but for searches, no sequential scan of a large table):\n\n${table(head, rows)}`;
}

function all(queries: readonly QueryResult[]): string {
  const sorted = queries.toSorted((a, b) => b.cold.p95 - a.cold.p95);
  return table(
    ['query', 'rows', 'warm p50', 'warm p95', 'cold p50', 'cold p95', 'reads all of'],
    sorted.map((query) => {
      const { rows, warm, cold, scans } = query;
      return [
        nameOf(query),
        rows.toLocaleString('en'),
        ...[warm.p50, warm.p95, cold.p50, cold.p95].map((ms) => ms.toFixed(1)),
        scans.join(', '),
      ];
    }),
  );
}
