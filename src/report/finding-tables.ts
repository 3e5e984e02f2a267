/** Required actions: for each code the next step, and one table of the places, with the queries that show the rows and the statements that correct them. */
import { isRejectCode } from '../findings/codes.ts';
import { stateSchema } from '../schema-name.ts';
import { dataTable } from './data-table.ts';
import { type FindingsOfCode, groupsOf } from './finding-groups.ts';
import { fold } from './fold.ts';
import { count, counted, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Report, ReportedFinding } from './model.ts';
import { isPartial } from './queries.ts';

/** More than a person reads on a page; all of them are in report.json. */
const placesMax = 100;
/** With more places than that, the statements are there when they are asked for. */
const openPlacesMax = 3;
const idLengthMax = 120;
/** So that a place is one line of the table. */
const firstIdLengthMax = 40;

export function findingTables(report: Report): Markup | null {
  const { findings } = report;
  if (findings.length === 0) return null;
  const more = findings.length - placesMax;
  const accepted = report.verdict === 'accepted';
  const groups = groupsOf(findings.slice(0, placesMax));
  const ids = new Map(groups.flatMap(({ codes }) => codes).map((of, index) => [of, sectionId(index)]));
  return html`<section class="findings"><h2>${accepted ? 'Accepted' : 'Action required'}</h2>
${groups.map(
  ({ title, lead, codes }) =>
    html`<div class="group"><h3>${title}</h3><p class="dim">${lead}</p>${codes.map((of) => codeSection(of, ids.get(of) ?? '', report))}</div>`,
)}
${more <= 0 ? null : html`<p class="dim">And ${counted(more, 'more finding')}: see report.json.</p>`}</section>`;
}

/** Of the section of the code that is shown at this place. */
export const sectionId = (index: number): string => `finding-${index + 1}`;

function codeSection({ code, what, next, count: found, findings }: FindingsOfCode, id: string, report: Report): Markup {
  return html`<div class="card finding" id="${id}">
<div class="head"><span class="code">${code}</span><span class="dim">${count(found)}${findings.length === 1 ? '' : ` in ${count(findings.length)} places`}</span></div>
<p class="what">${what}</p>
<p class="next"><b>Next:</b> ${next}</p>
${placesTable(code, what, findings, report)}
${statements(report, queriesTitle(findings), findings, (finding) => finding.query, '--')}
${statements(report, 'Correct without touching the source, with psql: put the correct value in place of …, then start the migration again', findings, ({ correction }) => correction ?? null, '--')}
${statements(report, 'Or correct in MongoDB, with mongosh: put the correct value in place of …, for each of the source ids', findings, ({ mongosh }) => mongosh ?? null, '//')}
</div>`;
}

function placesTable(code: string, what: string, findings: readonly ReportedFinding[], report: Report): Markup | null {
  const shown = findings.filter(({ collection, field, sourceIds }) => (collection ?? field) !== null || sourceIds.length > 0);
  if (shown.length === 0) return null;
  const rows = shown.map((finding) => {
    // A rejected document's own sentence is that of its code.
    const own = finding.what !== what && !isRejectCode(code) ? html` <span class="dim">${finding.what}</span>` : null;
    return html`<tr><th scope="row"><span class="where">${placeOf(finding)}</span>${own}</th><td class="n">${shareOf(finding, report)}</td><td>${idsOf(finding, report)}</td></tr>`;
  });
  const idsTitle = placeNames.get(code) ?? 'source id';
  return dataTable(
    `Places of ${code}`,
    [
      ['Place', 'text'],
      ['number', 'number'],
      [`${idsTitle}s`, 'text'],
    ],
    rows,
  );
}

const placeOf = ({ collection, field }: ReportedFinding): string =>
  [collection, field]
    .filter((part) => part !== null)
    .map((part) => shortened(part, idLengthMax))
    .join(' · ');

function shareOf({ code, layer, collection, count: found }: ReportedFinding, { collections }: Report): string {
  const read = collections[collection ?? '']?.read ?? 0;
  return isRejectCode(code) && layer === 'load' && found <= read
    ? `${count(found)} of ${counted(read, 'document')}`
    : count(found);
}

/** What the source ids are, where they are none. */
const placeNames = new Map([
  ['SOURCE_DAMAGED', 'place'],
  ['SOURCE_FILE_UNREAD', 'file'],
  ['COLLECTION_NAME_SIMILAR', 'collection'],
  ['VIEW_NOT_COPIED', 'view'],
]);

function idsOf({ sourceIds, count: found }: ReportedFinding, report: Report): Markup | null {
  const [first] = sourceIds;
  if (first === undefined) return null;
  const more = Math.max(found, sourceIds.length) - 1;
  if (more === 0) return html`<code>${shortened(first, idLengthMax)}</code>`;
  const listed =
    found > sourceIds.length ? html`<span class="dim">The first ${count(sourceIds.length)} of ${count(found)}: </span>` : null;
  const ids = sourceIds.map((id, index) => [index === 0 ? '' : ', ', html`<code>${shortened(id, idLengthMax)}</code>`]);
  return fold(report, html`<code>${shortened(first, firstIdLengthMax)}</code> and ${count(more)} more`, html`${listed}${ids}`);
}

function queriesTitle(findings: readonly ReportedFinding[]): string {
  const isLoad = findings.every(({ layer }) => layer === 'load');
  const partial = findings.some(({ query }) => query !== null && isPartial(query));
  return `Show ${isLoad ? 'them' : partial ? 'the first of the rows' : 'the rows'} in PostgreSQL, with psql`;
}

/** The statements of all places in one block, each below the name of its place. */
function statements(
  report: Report,
  title: string,
  findings: readonly ReportedFinding[],
  of: (finding: ReportedFinding) => string | null,
  comment: string,
): Markup | null {
  const found = findings.flatMap((finding) => {
    const statement = of(finding);
    return statement === null ? [] : [{ place: placeOf(finding), statement }];
  });
  if (found.length === 0) return null;
  const text = found
    .map(({ place, statement }) => (found.length === 1 ? statement : `${comment} ${place.replaceAll('\n', ' ')}\n${statement}`))
    .join('\n');
  const block = html`<pre tabindex="0" aria-label="${title}">${text}</pre>`;
  return fold(report, title, block, findings.length <= openPlacesMax);
}

/** For the first screen: the three ways in which the program is started. */
export function acceptance({ id }: Report): Markup {
  return html`Or accept the report, and the same command exits with code 0. Nothing is deleted: the originals stay in the schema ${stateSchema}. Anything that is found later is a new finding.
<pre tabindex="0" aria-label="To accept these findings"># in NextCRM's folder, with COMPOSE_FILE in .env
docker compose run --rm migrate accept ${id}
# with the bundled PostgreSQL
docker compose -f docker-compose.migrate.yml run --rm migrate accept ${id}
# without Docker
scripts/migrate accept ${id}</pre>`;
}
