/** The tables of report.html. */
import { adviceFor } from './advice.ts';
import { count, counted, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { CollectionBalance, Report } from './model.ts';
import { totalsOf } from './verdict.ts';

const nameLengthMax = 80;
const name = (text: string): Markup => html`<span class="where">${shortened(text, nameLengthMax)}</span>`;

const number = (value: number, alert = false): Markup =>
  html`<td class="n${value === 0 ? ' zero' : alert ? ' alert' : ''}">${count(value)}</td>`;

function table(
  heads: readonly (readonly [string, 'text' | 'number'])[],
  rows: readonly Markup[],
  foot: Markup | null = null,
): Markup {
  const head = heads.map(([title, kind]) => html`<th scope="col" class="${kind === 'number' ? 'n' : ''}">${title}</th>`);
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody>${foot === null ? null : html`<tfoot>${foot}</tfoot>`}</table></div>`;
}

const layerWords = {
  counts: 'Every table: read = loaded + rejected; the junction tables too',
  records: 'Every document, compared field by field with its row',
  references: 'Every reference and link of the source, and every foreign key',
  types: 'Tables, keys, indexes and types as the migrations make them; every table readable through Prisma',
} as const;

export function checksTable({ layers }: Report): Markup {
  const rows = (['counts', 'records', 'references', 'types'] as const).map((layer) => {
    const { status, compared } = layers[layer];
    return html`<tr><th scope="row">${layerWords[layer]}</th>${number(compared)}<td class="status ${status}">${status}</td></tr>`;
  });
  return html`<h2>Checks</h2>${table(
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
    ([collection, balance]) =>
      html`<tr><th scope="row">${name(collection)}${balance.known ? null : html` <span class="dim">kept, not NextCRM's</span>`}</th>${cells(balance)}</tr>`,
  );
  const heads = ['Collection', ...balanceColumns, 'seconds'].map(
    (title, index) => [title, index === 0 ? 'text' : 'number'] as const,
  );
  return html`<h2>Collections</h2>${table(heads, rows, html`<tr><th scope="row">in all</th>${cells(totalsOf(report))}</tr>`)}
${report.state === 'finished' ? null : html`<p class="dim">Changed values, leftovers and links are counted at the end.</p>`}
<p class="dim">read = loaded + rejected (+ unreadable). A changed value and a field left over are kept with their originals in nextcrm_migration.change and nextcrm_migration.leftover.</p>
${fieldsTable(entries)}${junctionsTable(report)}${keysTable(report)}${hashesTable(entries)}`;
}

function fieldsTable(entries: readonly (readonly [string, CollectionBalance])[]): Markup | null {
  const rows = entries
    .filter(([, { fields }]) => fields.total > 0)
    .map(
      ([collection, { fields }]) =>
        html`<tr><th scope="row">${name(collection)}</th>${number(fields.total)}${number(fields.carried)}${number(fields.changed)}${number(fields.leftover)}</tr>`,
    );
  if (rows.length === 0) return null;
  const heads = ['Collection', 'fields', 'carried', 'changed', 'leftover'].map(
    (title, index) => [title, index === 0 ? 'text' : 'number'] as const,
  );
  return html`<details><summary>Fields of the loaded documents: fields = carried + changed + leftover</summary>${table(heads, rows)}</details>`;
}

/** What tells a source from another one: the same documents give the same hash, in whatever order they are read. */
function hashesTable(entries: readonly (readonly [string, CollectionBalance])[]): Markup {
  const rows = entries.map(
    ([collection, { contentHash }]) =>
      html`<tr><th scope="row">${name(collection)}</th><td><code>${contentHash}</code></td></tr>`,
  );
  return html`<details><summary>Content of the source, as hashes</summary>${table(
    [
      ['Collection', 'text'],
      ['hash of its documents', 'text'],
    ],
    rows,
  )}</details>`;
}

function junctionsTable({ junctions }: Report): Markup | null {
  const rows = Object.entries(junctions).map(
    ([junction, { pairs, dangling }]) => html`<tr><th scope="row">${name(junction)}</th>${number(pairs)}${number(dangling)}</tr>`,
  );
  if (rows.length === 0) return null;
  return html`<details><summary>Links by junction table</summary>${table(
    [
      ['Table', 'text'],
      ['pairs', 'number'],
      ['left out, dangling', 'number'],
    ],
    rows,
  )}</details>`;
}

const danglingWords: { readonly [code: string]: string } = {
  DANGLING_REFERENCE: 'column emptied',
  LINK_DANGLING: 'link left out',
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
      : html`<p class="dim">Counted by the proof: ${counted(inSource, 'reference')} to documents that the source does not have, ${count(toRejected)} to documents that were rejected.</p>`;
  return html`<h2>References to nothing</h2>${table(
    [
      ['Field', 'text'],
      ['references', 'number'],
      ['What was done', 'text'],
    ],
    rows,
  )}${proof}`;
}

function keysTable({ keys }: Report): Markup | null {
  const entries = Object.entries(keys);
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
  return html`<details><summary>Indexes and keys: ${count(indexes)} indexes and ${count(foreignKeys)} foreign keys on ${counted(entries.length, 'table')}, ${sound ? 'all valid' : 'not all valid'}</summary>${table(
    [
      ['Table', 'text'],
      ['indexes', 'number'],
      ['foreign keys', 'number'],
    ],
    rows,
  )}</details>`;
}

/** Changed values and rejected documents by code, with what each code means. */
export function valuesTable({ collections }: Report): Markup | null {
  const rows = Object.entries(collections).flatMap(([collection, { changes }]) =>
    Object.entries(changes).map(([code, value]) => ({ collection, code, value })),
  );
  if (rows.length === 0) return null;
  const byCode = [...Map.groupBy(rows, ({ code }) => code)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const drawn = byCode.map(([code, of]) => {
    const where = of
      .toSorted((a, b) => b.value - a.value)
      .map(({ collection, value }) => `${shortened(collection, nameLengthMax)} (${count(value)})`);
    return html`<tr><th scope="row"><code class="whole">${code}</code></th>${number(of.reduce((sum, { value }) => sum + value, 0))}<td>${adviceFor(code).what} <span class="dim">${where.join(', ')}</span></td></tr>`;
  });
  return html`<h2>Values that were changed</h2>${table(
    [
      ['Code', 'text'],
      ['values', 'number'],
      ['What happened, and where', 'text'],
    ],
    drawn,
  )}
<pre>select collection, source_id, field, original from nextcrm_migration.change where code = 'CODE' order by 1, 2;</pre>`;
}

export function notesTable({ notes, notCopied, missingCollections }: Report): Markup | null {
  // A running report has the names before it has the notes.
  const told =
    notes.length > 0
      ? notes
      : [
          ...missingCollections.map((what) => ({ code: 'MISSING_COLLECTION', what })),
          ...notCopied.map((what) => ({ code: 'NOT_COPIED', what })),
        ];
  if (told.length === 0) return null;
  const rows = told.map(
    ({ code, what }) => html`<tr><th scope="row"><code class="whole">${code}</code></th><td>${shortened(what, 400)}</td></tr>`,
  );
  return html`<h2>Also noted</h2>${table(
    [
      ['Code', 'text'],
      ['What', 'text'],
    ],
    rows,
  )}`;
}
