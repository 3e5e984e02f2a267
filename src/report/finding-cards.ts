/** What needs a person: a card for each code, with the next step, and for each place the query that shows its rows. */
import { type FindingsOfCode, groupsOf } from './finding-groups.ts';
import { count, counted, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Report, ReportedFinding } from './model.ts';
import { isPartial } from './queries.ts';

/** More than a person reads on a page; all of them are in report.json. */
const placesMax = 100;
/** With more places than that, the queries are there when they are asked for. */
const openPlacesMax = 3;
const idLengthMax = 120;

export function findingCards(report: Report): Markup | null {
  const { findings } = report;
  if (findings.length === 0) return null;
  const more = findings.length - placesMax;
  const accepted = report.verdict === 'accepted';
  const groups = groupsOf(findings.slice(0, placesMax));
  return html`<h2>${accepted ? 'Accepted as it is' : 'What needs a person'}</h2>
${groups.map(
  ({ title, lead, codes }) =>
    html`<div class="group"><h3>${title}</h3><p class="dim">${lead}</p>${codes.map((of) => card(of, report))}</div>`,
)}
${more <= 0 ? null : html`<p class="dim">And ${counted(more, 'more finding')}: see report.json.</p>`}
${accepted || report.state !== 'finished' ? null : acceptance(report)}`;
}

function card({ code, what, next, count: found, findings }: FindingsOfCode, report: Report): Markup {
  const open = findings.length <= openPlacesMax;
  return html`<section class="card finding">
<div class="head"><span class="code">${code}</span><span class="dim">${count(found)}${findings.length === 1 ? '' : ` in ${count(findings.length)} places`}</span></div>
<p class="what">${what}</p>
<p class="next"><b>Next:</b> ${next}</p>
${findings.map((finding) => place(finding, report, { open, own: finding.what !== what && finding.layer !== 'load' }))}
</section>`;
}

function place(finding: ReportedFinding, { collections }: Report, { open, own }: { open: boolean; own: boolean }): Markup {
  const { collection, field, count: found, sourceIds, what, layer, query } = finding;
  const read = collections[collection ?? '']?.read ?? 0;
  const share = layer === 'load' && found <= read ? `${count(found)} of ${counted(read, 'document')}` : count(found);
  const where = [collection, field].filter((part) => part !== null).map((part) => shortened(part, idLengthMax));
  const show = (summary: string, body: Markup) =>
    html`<details${open ? html` open` : null}><summary>${summary}</summary>${body}</details>`;
  return html`<div class="place">
${where.length === 0 ? null : html`<p><span class="where">${where.join(' · ')}</span> <span class="dim">${share}</span></p>`}
${own ? html`<p>${what}</p>` : null}
${query === null ? null : show(`The query that shows ${layer === 'load' ? 'them' : isPartial(query) ? 'the first of the rows' : 'the rows'}, for psql`, html`<pre>${query}</pre>`)}
${sourceIds.length === 0 ? null : html`<details><summary>${idsTitle(finding)}</summary><p>${sourceIds.map((id, index) => [index === 0 ? '' : ', ', html`<code>${shortened(id, idLengthMax)}</code>`])}</p></details>`}
</div>`;
}

function idsTitle({ sourceIds, count: found, code }: ReportedFinding): string {
  const what = code === 'SOURCE_DAMAGED' ? 'place' : 'source id';
  return found > sourceIds.length
    ? `The first ${counted(sourceIds.length, what)} of ${count(found)}`
    : counted(sourceIds.length, what);
}

function acceptance({ id, command }: Report): Markup {
  if (command === 'verify') {
    return html`<div class="card"><h3>When it is put right</h3><p>Run <code>verify</code> again: it makes a new report.</p></div>`;
  }
  return html`<div class="card"><h3>If you can live with all of this</h3>
<p>Accept the report: from then on the same command ends with exit code 0. Nothing is deleted; the originals stay in the schema nextcrm_migration. Whatever is found beyond this is a new finding.</p>
<pre>docker compose -f docker-compose.migrate.yml run --rm migrate accept ${id}</pre><p class="dim">From a checkout: <code>scripts/migrate accept ${id}</code></p></div>`;
}
