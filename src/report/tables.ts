/** The tables of report.html. */
import { adviceFor } from '../findings/advice.ts';
import { stateSchema } from '../schema-name.ts';
import { dataTable } from './data-table.ts';
import { fold } from './fold.ts';
import { count, counted, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { CollectionBalance, Report } from './model.ts';
import { totalsOf } from './verdict.ts';

const nameLengthMax = 80;
const name = (text: string): Markup => html`<span class="where">${shortened(text, nameLengthMax)}</span>`;

const number = (value: number, alert = false): Markup =>
  html`<td class="n${value === 0 ? ' zero' : alert ? ' alert' : ''}">${count(value)}</td>`;

const layerWords = {
  counts: 'Every table: read = loaded + rejected; the junction tables too',
  records: 'Every document, compared field by field with its row',
  references: 'Every reference and link of the source, and every foreign key',
  types: 'Tables, keys, indexes and types as the migrations create them; every table readable through Prisma',
} as const;

export function checksTable({ layers }: Report): Markup {
  const rows = (['counts', 'records', 'references', 'types'] as const).map((layer) => {
    const { status, compared } = layers[layer];
    return html`<tr><th scope="row">${layerWords[layer]}</th>${number(compared)}<td class="status ${status}">${status}</td></tr>`;
  });
  return html`<h2>Checks</h2>${dataTable(
    'Checks',
    [
      ['What', 'text'],
      ['compared', 'number'],
      ['result', 'text'],
    ],
    rows,
  )}`;
}

const balanceColumns = ['read', 'loaded', 'rejected', 'changed', 'leftover', 'links'] as const;

export function collectionsTable(report: Report): Markup | null {
  const entries = Object.entries(report.collections);
  if (entries.length === 0) return null;
  const cells = (balance: Pick<CollectionBalance, (typeof balanceColumns)[number] | 'seconds'>) => [
    ...balanceColumns.map((column) => number(balance[column], column === 'rejected')),
    html`<td class="n${balance.seconds === 0 ? ' zero' : ''}">${balance.seconds.toFixed(1)}</td>`,
  ];
  const rows = entries.map(
    ([collection, balance]) => html`<tr><th scope="row">${name(collection)}${nameNote(balance)}</th>${cells(balance)}</tr>`,
  );
  const heads = ['Collection', ...balanceColumns.map((column) => (column === 'leftover' ? 'unmapped' : column)), 'seconds'].map(
    (title, index) => [title, index === 0 ? 'text' : 'number'] as const,
  );
  return html`<h2>Collections</h2>${dataTable('Collections', heads, rows, html`<tr><th scope="row">Total</th>${cells(totalsOf(report))}</tr>`)}
${report.state === 'finished' ? null : html`<p class="dim">Changed values, unmapped fields and links are counted at the end.</p>`}
<p class="dim">read = loaded + rejected (+ unreadable). The originals of changed values are kept in ${stateSchema}.change, unmapped fields in ${stateSchema}.leftover.</p>
${fieldsTable(report, entries)}${junctionsTable(report)}${keysTable(report)}${hashesTable(report, entries)}`;
}

function nameNote({ known, presentName, taken }: CollectionBalance): Markup | null {
  if (known) return null;
  const words =
    presentName === null ? 'not a NextCRM collection (preserved)' : `former name of ${presentName}: ${count(taken)} loaded there`;
  return html` <span class="dim">${words}</span>`;
}

function fieldsTable(report: Report, entries: readonly (readonly [string, CollectionBalance])[]): Markup | null {
  const rows = entries
    .filter(([, { fields }]) => fields.total > 0)
    .map(
      ([collection, { fields }]) =>
        html`<tr><th scope="row">${name(collection)}</th>${number(fields.total)}${number(fields.carried)}${number(fields.changed)}${number(fields.leftover)}</tr>`,
    );
  if (rows.length === 0) return null;
  const heads = ['Collection', 'fields', 'unchanged', 'changed', 'unmapped'].map(
    (title, index) => [title, index === 0 ? 'text' : 'number'] as const,
  );
  return fold(
    report,
    'Fields of the loaded documents: fields = unchanged + changed + unmapped',
    dataTable('Fields', heads, rows),
  );
}

/** What tells a source from another one: the same documents give the same hash, in whatever order they are read. */
function hashesTable(report: Report, entries: readonly (readonly [string, CollectionBalance])[]): Markup {
  const rows = entries.map(
    ([collection, { contentHash }]) =>
      html`<tr><th scope="row">${name(collection)}</th><td><code>${contentHash}</code></td></tr>`,
  );
  const table = dataTable(
    'Content hashes',
    [
      ['Collection', 'text'],
      ['hash of the documents', 'text'],
    ],
    rows,
  );
  return fold(report, 'Content hashes of the source', table);
}

function junctionsTable(report: Report): Markup | null {
  const rows = Object.entries(report.junctions).map(
    ([junction, { pairs, dangling }]) => html`<tr><th scope="row">${name(junction)}</th>${number(pairs)}${number(dangling)}</tr>`,
  );
  if (rows.length === 0) return null;
  const table = dataTable(
    'Links',
    [
      ['Table', 'text'],
      ['pairs', 'number'],
      ['dangling, skipped', 'number'],
    ],
    rows,
  );
  return fold(report, 'Links by junction table', table);
}

const danglingWords: { readonly [code: string]: string } = {
  DANGLING_REFERENCE: 'set to NULL',
  LINK_DANGLING: 'link skipped',
  DANGLING_REQUIRED: 'document rejected',
};

/** What names a document that has no row. */
export function danglingTable({ dangling: { fields, inSource, toRejected } }: Report): Markup | null {
  if (fields.length === 0) return null;
  const rows = fields.map(
    ({ collection, field, code, count: found }) =>
      html`<tr><th scope="row">${name(collection)} · ${name(field)}</th>${number(found)}<td><code>${code}</code> <span class="dim">${danglingWords[code] ?? ''}</span></td></tr>`,
  );
  const proof =
    inSource === null || toRejected === null
      ? null
      : html`<p class="dim">Counted by the validation: ${counted(inSource, 'reference')} to documents that the source does not have, ${count(toRejected)} to documents that were rejected.</p>`;
  return html`<h2>Dangling references</h2>${dataTable(
    'Dangling references',
    [
      ['Field', 'text'],
      ['references', 'number'],
      ['Action taken', 'text'],
    ],
    rows,
  )}${proof}`;
}

function keysTable(report: Report): Markup | null {
  const entries = Object.entries(report.keys);
  if (entries.length === 0) return null;
  const of = (part: number, whole: number) =>
    html`<td class="n${part < whole ? ' alert' : ''}">${part < whole ? `${count(part)} of ${count(whole)}` : count(whole)}</td>`;
  const rows = entries.map(
    ([name_, { indexes, validIndexes, foreignKeys, validatedForeignKeys }]) =>
      html`<tr><th scope="row">${name(name_)}</th>${of(validIndexes, indexes)}${of(validatedForeignKeys, foreignKeys)}</tr>`,
  );
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const all = entries.map(([, of]) => of);
  const indexes = sum(all.map((one) => one.indexes));
  const foreignKeys = sum(all.map((one) => one.foreignKeys));
  const sound = all.every((one) => one.validIndexes === one.indexes && one.validatedForeignKeys === one.foreignKeys);
  const table = dataTable(
    'Indexes and keys',
    [
      ['Table', 'text'],
      ['indexes', 'number'],
      ['foreign keys', 'number'],
    ],
    rows,
  );
  const summary = `Indexes and keys: ${count(indexes)} indexes and ${count(foreignKeys)} foreign keys on ${counted(entries.length, 'table')}, ${sound ? 'all valid' : 'not all valid'}`;
  return fold(report, summary, table);
}

/** Changed values and rejected documents by code, with what each code means. */
export function valuesTable({ collections }: Report): Markup | null {
  const rows = Object.entries(collections).flatMap(([collection, { changes }]) =>
    Object.entries(changes).map(([code, value]) => ({ collection, code, value })),
  );
  if (rows.length === 0) return null;
  const byCode = [...Map.groupBy(rows, ({ code }) => code)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rendered = byCode.map(([code, of]) => {
    const where = of
      .toSorted((a, b) => b.value - a.value)
      .map(({ collection, value }) => `${shortened(collection, nameLengthMax)} (${count(value)})`);
    return html`<tr><th scope="row"><code class="whole">${code}</code></th>${number(of.reduce((sum, { value }) => sum + value, 0))}<td>${whatHappened(code)} <span class="dim">${where.join(', ')}</span></td></tr>`;
  });
  return html`<h2>Changed values</h2>${dataTable(
    'Changed values',
    [
      ['Code', 'text'],
      ['values', 'number'],
      ['Change, and where', 'text'],
    ],
    rendered,
  )}
<pre tabindex="0" aria-label="Query for the originals">select collection, source_id, field, original from ${stateSchema}.change where code = 'CODE' order by 1, 2;</pre>`;
}

function whatHappened(code: string): string {
  const { what, effect } = adviceFor(code);
  return effect === '' ? what : `${what} ${effect}`;
}

export function notesTable({ notes, notCopied, missingCollections }: Report): Markup | null {
  // A running report has the names before it has the notes.
  const reported =
    notes.length > 0
      ? notes
      : [
          ...missingCollections.map((what) => ({ code: 'MISSING_COLLECTION', what })),
          ...notCopied.map((what) => ({ code: 'NOT_COPIED', what })),
        ];
  if (reported.length === 0) return null;
  const rows = [...Map.groupBy(reported, ({ code }) => code)].map(
    ([code, of]) => html`<tr><th scope="row"><code class="whole">${code}</code></th><td>${notesOf(code, of)}</td></tr>`,
  );
  return html`<h2>Notes</h2>${dataTable(
    'Notes',
    [
      ['Code', 'text'],
      ['What', 'text'],
    ],
    rows,
  )}`;
}

const noteLengthMax = 800;

/** The sentence of the code once, and below it each place with its query; a note that is worded otherwise as it is. */
function notesOf(code: string, notes: Report['notes']): Markup {
  const sentence = whatHappened(code);
  const parts = notes.map(({ what }) => {
    const at = sentence === '' ? -1 : what.indexOf(`: ${sentence}`);
    return at < 0 ? what : { place: what.slice(0, at), query: what.slice(at + 2 + sentence.length).trim() };
  });
  const isShared = parts.some((part) => typeof part !== 'string');
  return html`${isShared ? sentence : null}${parts.map((part) =>
    typeof part === 'string'
      ? html`<div>${shortened(part, noteLengthMax)}</div>`
      : html`<div>${name(part.place)} ${part.query === '' ? null : html`<code>${shortened(part.query, noteLengthMax)}</code>`}</div>`,
  )}`;
}
