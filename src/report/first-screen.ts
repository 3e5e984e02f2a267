/** What a person wants to know first: what to do now, and where everything is. */
import { stateSchema } from '../schema-name.ts';
import { groupsOf } from './finding-groups.ts';
import { acceptance, sectionId } from './finding-tables.ts';
import { count, counted, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Report } from './model.ts';
import type { InNextCrm } from './nextcrm.ts';
import { totalsOf } from './verdict.ts';

/** Of a long list, what fits on the first screen. */
const codesMax = 5;
const homesMax = 4;

export function firstScreen(report: Report): Markup | null {
  if (report.state !== 'finished') return null;
  return html`<div class="overview">
<section class="card"><h2>${report.verdict === 'findings' ? 'What to do' : 'Next steps'}</h2>${report.verdict === 'findings' ? corrections(report) : nextSteps(report)}</section>
<section class="card"><h2>Where everything is</h2>${places(report)}</section>
</div>`;
}

function corrections(report: Report): Markup {
  const codes = groupsOf(report.findings).flatMap((group) => group.codes);
  const rest = codes.length - codesMax;
  const again =
    report.command === 'verify'
      ? html`<li>Do that, and run <code>verify</code> again. It writes a new report.</li>`
      : html`<li>Do that, and start the same command again: it retries only the rejected documents. Do not let people work in NextCRM before that.</li>
<li>${acceptance(report)}</li>`;
  return html`<ol>
<li>Look at what was found: ${codes.slice(0, codesMax).map(({ code, count: found }, index) => html`${index === 0 ? '' : ', '}<a href="#${sectionId(index)}">${shortened(code, 40)}</a> (${count(found)})`)}${rest > 0 ? ` and ${counted(rest, 'more code')}` : ''}. Each table below says what to do${report.findings.some(({ correction }) => correction !== null) ? ', and has the statement that corrects rejected documents without a change of the source (docs/operator.md, “Correct rejected documents”, says how to run it)' : ''}.</li>
${again}
</ol>`;
}

function nextSteps({ command, target, nextcrm }: Report): Markup {
  if (command === 'verify') return html`<p>Nothing: both sides agree.</p>`;
  const restored = nextcrm?.restored === true;
  return html`<ol>
${
  restored
    ? null
    : html`<li>Start the newest release of NextCRM once, with <code>DATABASE_URL</code> set to this database (${target}). It upgrades the database by itself.</li>
<li>Run this migration again, before anybody signs in: it restores what the upgrade takes away. It does not need MongoDB.</li>
`
}<li>Read <a href="#first-sign-in">First sign-in</a>, then let people sign in.</li>
<li>Keep the backup of MongoDB, and the schemas <code>${stateSchema}</code> and <code>nextcrm_archive</code>, until ${restored ? '' : 'this page says that everything is restored and '}NextCRM has worked for some weeks.</li>
<li>Then: <code>drop schema ${stateSchema} cascade; drop schema nextcrm_archive cascade;</code> If this migration starts with NextCRM, it still does nothing there as long as its volume exists: keep the volume.</li>
</ol>`;
}

type Row = readonly [what: string, where: string | Markup];

/** What people look for first, as NextCRM names it; then what is not in it; then where the rest is kept. */
function places(report: Report): Markup {
  const { rejected, changed, leftover } = totalsOf(report);
  const found = (report.nextcrm?.kinds ?? []).filter((kind) => kind.count > 0);
  const homeless = found.filter(({ home }) => !home).length;
  const originals = [
    ...(changed > 0 ? [counted(changed, 'original of changed values', 'originals of changed values')] : []),
    ...(leftover > 0 ? [counted(leftover, 'unmapped value')] : []),
  ];
  const rows: readonly Row[] = [
    ...(rejected > 0
      ? [[counted(rejected, 'rejected document'), html`complete in <code>${stateSchema}.reject</code>`] as const]
      : []),
    ...homes(found.filter(({ home }) => home)),
    ...(homeless > 0
      ? [
          [
            `${counted(homeless, 'kind')} of value without a place in NextCRM`,
            html`preserved: see <a href="#without-a-place">the table</a>`,
          ] as const,
        ]
      : []),
    ...(report.nextcrm ? [['Passwords', html`no longer used: see <a href="#first-sign-in">First sign-in</a>`] as const] : []),
    ['Uploaded files', 'where they were: the migration copies their addresses'],
    ...(originals.length > 0 ? [[originals.join(', '), html`in the schema <code>${stateSchema}</code>`] as const] : []),
    ['The database', html`${report.target}; each table has the name of its collection`],
  ];
  return html`<dl>${rows.map(([what, where]) => html`<dt>${what}</dt><dd>${where}</dd>`)}</dl>`;
}

/** The kinds of one place in one line. */
function homes(kinds: InNextCrm['kinds']): readonly Row[] {
  const byPlace = [...Map.groupBy(kinds, ({ where }) => where)];
  const rest = byPlace.slice(homesMax).flatMap(([, of]) => of);
  return [
    ...byPlace
      .slice(0, homesMax)
      .map(([where, of]) => [of.map(({ what, count: found }) => `${what} (${count(found)})`).join(', '), where] as const),
    ...(rest.length > 0
      ? [[`${counted(rest.length, 'more kind')} of value`, html`see <a href="#in-nextcrm">In NextCRM</a>`] as const]
      : []),
  ];
}
