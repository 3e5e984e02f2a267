/** The measured part of docs/performance.md, from the results alone. */
import { floorRounds, type Measured, median, type Pair, type Results, sizesOf, stepRounds, timesAsLong } from '../results.ts';
import { boundSeconds, goalsOf, rate, timesFloor } from './goals.ts';
import { table } from './table.ts';

const integer = (value: number) => Math.round(value).toLocaleString('en');
const seconds = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(1));
const throughput = (value: number) => (value < 10 ? value.toFixed(1) : integer(value));
const megabytes = (bytes: number | null) => (bytes === null || bytes === 0 ? '' : integer(bytes / 1e6));

/** For the terminal. */
export function summaryOf(results: Results): string {
  return [goalTable(results), wayTable(results)].join('\n\n');
}

export function measuredSection(results: Results): string {
  const { machine, versions, server } = results;
  const sizes = sizesOf(results);
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${results.measuredAt.slice(0, 10)} at revision ${results.revision}, in one run of \`scripts/bench\`: ${results.rounds} rounds in which the ways alternate. Figures are medians of the rounds; a ratio is the median of the ratios within each round.`,
    `Machine: ${machine.cpu}, ${machine.cores} cores for the program and the server together, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB of memory, ${machine.system}. ${named.join(', ')}. ` +
      `Settings of the server: ${server}.`,
    '### Goals',
    goalTable(results),
    missed(results),
    '### Every way, side by side',
    '![Documents per second of each way, and where the time of a whole run goes](pictures/performance.svg)',
    wayTable(results),
    mongodumpLine(results),
    '### The whole run beside its floor',
    sizes.length === 0 ? 'Not measured.' : floorTable(sizes, results.fromServer),
    '### Where the time of a whole run goes',
    sizes.length === 0 ? 'Not measured.' : stepTable(sizes),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function goalTable(results: Results): string {
  const word = (met: boolean | null) => (met === null ? 'not measured' : met ? 'met' : '**missed**');
  return table(
    ['what', 'goal', 'figure', ''],
    goalsOf(results).map(({ what, goal, figure, met }) => [what, goal, figure ?? '', word(met)]),
  );
}

/** Figures beside the goals that a reader would otherwise have to work out. */
function missed({ mix }: Results): string {
  if (mix === null) return '';
  const { load, copyOfCollections, analyze } = mix;
  const complete = timesAsLong(stepRounds(mix, 'load', 'resolve', 'link', 'index'), floorRounds(mix));
  return (
    `Beside them, over the whole mix: (a) counts all 39 tables; against the \`\\copy\` of the 29 tables that collections have, the load (which also ` +
    `stages the pairs of the ten junction tables) reaches ${timesAsLong(copyOfCollections.rounds, load.rounds).toFixed(2)}. From the first document to the last key, ` +
    `with references resolved and links made, our steps take ${complete.toFixed(2)} times (a'). Our index step also gathers the planner's ` +
    `statistics, for which psql takes ${seconds(analyze.seconds)} s more, and copies what later releases of NextCRM drop.`
  );
}

function wayTable(results: Results): string {
  const { accounts, mix, scan, createMany, multiRow, mongodump } = results;
  const rows: (readonly string[])[] = [];
  const add = (name: string, found: Measured | null) => {
    if (found === null) return;
    const { documents, bytes, cpuSeconds, rssBytesMax, childrenRssBytesMax, serverCpuSeconds, serverBytesMax } = found;
    rows.push([
      name,
      integer(documents),
      seconds(found.seconds),
      integer(rate(found)),
      throughput(bytes / 1e6 / found.seconds),
      `${cpuSeconds.toFixed(1)} + ${serverCpuSeconds === null ? '?' : serverCpuSeconds.toFixed(1)}`,
      megabytes(rssBytesMax),
      megabytes(childrenRssBytesMax),
      megabytes(serverBytesMax),
    ]);
  };
  const addPair = (pair: Pair | null, of: string) => {
    if (pair === null) return;
    add(`(a) \`psql \\copy\`, ${of}`, pair.copy);
    add(`(a') and keys and indexes, ${of}`, together(pair.copy, pair.restore));
    add(`(c) our load, ${of}`, pair.load);
    add(`(d) our whole run, ${of}`, pair.whole);
  };
  addPair(accounts, 'accounts');
  addPair(mix, 'mix');
  add('(b) read and dropped, mix', scan);
  add('(e) `createMany`, mix', createMany);
  add('(f) multi-row inserts, mix', multiRow);
  add('(g) `mongodump`, mix', typeof mongodump === 'string' ? null : mongodump);
  const head = [
    '',
    'documents',
    'seconds',
    'documents/s',
    'MB of BSON/s',
    'CPU s, program + server',
    'MB program',
    'MB its children',
    'MB server',
  ];
  return table(head, rows);
}

function together(first: Measured, second: Measured): Measured {
  const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
  return {
    ...first,
    seconds: first.seconds + second.seconds,
    cpuSeconds: first.cpuSeconds + second.cpuSeconds,
    serverCpuSeconds: sum(first.serverCpuSeconds, second.serverCpuSeconds),
    serverBytesMax: Math.max(first.serverBytesMax ?? 0, second.serverBytesMax ?? 0),
  };
}

function mongodumpLine({ mongodump, createMany, mix }: Results): string {
  const share =
    createMany !== null && mix !== null && createMany.documents < mix.load.documents
      ? `(e) and (f) ran on ${integer(createMany.documents)} documents in the same proportions: at the full size they would take many minutes a round. Their rates are what is compared.`
      : '';
  return [share, typeof mongodump === 'string' ? `(g) is left out: ${mongodump}.` : ''].filter((part) => part !== '').join(' ');
}

/** Seconds by step, a column for each size. From 50,000 documents on the documents are compared while keys and indexes are built. */
function stepTable(sizes: readonly Pair[]): string {
  const names = Object.keys(sizes[0]?.steps ?? {});
  const ofStep = (pair: Pair, name: string) => median(pair.steps[name] ?? []);
  const rest = (pair: Pair) => Math.max(0, pair.whole.seconds - names.reduce((sum, name) => sum + ofStep(pair, name), 0));
  return table(
    ['step, seconds', ...sizes.map(({ whole }) => integer(whole.documents))],
    [
      ...names.map((name) => [name, ...sizes.map((pair) => seconds(ofStep(pair, name)))]),
      ['start, checks and report', ...sizes.map((pair) => seconds(rest(pair)))],
    ],
  );
}

function floorTable(sizes: readonly Pair[], fromServer: readonly Measured[]): string {
  const head = [
    'documents',
    "floor (a') s",
    'whole run (d) s',
    'times the floor',
    'twice and 3 s',
    '',
    'load s',
    'MB program',
    'from MongoDB s',
  ];
  return table(
    head,
    sizes.map((pair) => {
      const { whole, load } = pair;
      const bound = boundSeconds(pair);
      const server = fromServer.find(({ documents }) => documents === whole.documents);
      return [
        integer(whole.documents),
        seconds(median(floorRounds(pair))),
        seconds(whole.seconds),
        timesFloor(pair).toFixed(2),
        seconds(bound),
        whole.seconds <= bound ? 'met' : '**missed**',
        seconds(load.seconds),
        megabytes(whole.rssBytesMax),
        server === undefined ? '' : seconds(server.seconds),
      ];
    }),
  );
}
