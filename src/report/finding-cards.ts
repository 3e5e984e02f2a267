/** What needs a person: a card for each finding, with the next step and the query that shows its rows. */
import { count, counted, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Finding, Report } from './model.ts';
import { queryFor } from './queries.ts';

/** More than a person reads on a page; all of them are in report.json. */
const cardsMax = 100;
const idLengthMax = 120;

export function findingCards(report: Report): Markup | null {
  const { findings } = report;
  if (findings.length === 0) return null;
  const shown = findings.slice(0, cardsMax);
  const more = findings.length - shown.length;
  const accepted = report.verdict === 'accepted';
  return html`<h2>${accepted ? 'Accepted as it is' : 'What needs a person'}</h2>
${shown.map((finding) => card(finding, report))}
${more === 0 ? null : html`<p class="dim">And ${counted(more, 'more finding')}: see report.json.</p>`}
${accepted || report.state !== 'finished' ? null : acceptance(report)}`;
}

function card(finding: Finding, { collections }: Report): Markup {
  const { code, collection, field, count: found, sourceIds, what, next, layer } = finding;
  const read = collections[collection ?? '']?.read ?? 0;
  const share = layer === 'load' && found <= read ? `${count(found)} of ${counted(read, 'document')}` : count(found);
  const query = queryFor(finding);
  const place = [collection, field].filter((part) => part !== null).map((part) => shortened(part, idLengthMax));
  return html`<section class="card">
<div class="head"><span class="code">${code}</span>${place.length === 0 ? null : html`<h3 class="where">${place.join(' · ')}</h3>`}<span class="dim">${share}</span></div>
<p>${what}</p>
<p><b>Next:</b> ${next}</p>
${query === null ? null : html`<details open><summary>The query that shows ${layer === 'load' ? 'them' : 'the rows'}</summary><pre>${query}</pre></details>`}
${sourceIds.length === 0 ? null : ids(finding)}
</section>`;
}

function ids({ sourceIds, count: found, code }: Finding): Markup {
  const what = code === 'SOURCE_DAMAGED' ? 'place' : 'source id';
  const summary =
    found > sourceIds.length
      ? `The first ${counted(sourceIds.length, what)} of ${count(found)}`
      : counted(sourceIds.length, what);
  return html`<details><summary>${summary}</summary><p>${sourceIds.map((id, index) => [index === 0 ? '' : ', ', html`<code>${shortened(id, idLengthMax)}</code>`])}</p></details>`;
}

function acceptance({ id, command }: Report): Markup {
  if (command === 'verify') {
    return html`<div class="card"><h3>When it is put right</h3><p>Run <code>verify</code> again: it makes a new report.</p></div>`;
  }
  return html`<div class="card"><h3>If you can live with all of this</h3>
<p>Accept the report: from then on the same command ends with exit code 0. Nothing is deleted; the originals stay in the schema nextcrm_migration.</p>
<pre>docker compose -f docker-compose.migrate.yml run --rm migrate accept ${id}</pre><p class="dim">From a checkout: <code>scripts/migrate accept ${id}</code></p></div>`;
}
