/** The steps of the run with the time of each, and where the one under way has come to. */
import { bar } from './charts.ts';
import { count, duration, percent, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Report, StepProgress, StepResult } from './model.ts';

const signs = { done: '✓', 'under way': '▶', stopped: '✕', 'to come': '○' } as const satisfies Record<
  StepResult['state'],
  string
>;

export function stepList({ steps, progress }: Report): Markup | null {
  if (steps.length === 0) return null;
  const most = Math.max(...steps.map(({ seconds }) => seconds));
  const rows = steps.map(({ title, state, seconds }) => {
    const at = state === 'under way' || state === 'stopped' ? progress : null;
    return html`<div class="step ${state.replace(' ', '-')}"><span class="sign" aria-hidden="true">${signs[state]}</span><span class="title">${title}${at === null ? null : html`<small>${progressWords(at)}</small>`}</span>${bar(at === null ? (most === 0 ? 0 : seconds / most) : (at.fraction ?? 0))}<span class="n">${state === 'to come' ? 'pending' : duration(seconds)}</span></div>`;
  });
  return html`<h2>Steps</h2><div class="card steps">${rows}</div>`;
}

/** "crm_Accounts: 12,000 of 30,000 documents, 40 %". */
export function progressWords({ name, unit, done, total, fraction }: StepProgress): string {
  const of = total === null ? '' : ` of ${count(total)}`;
  const share = fraction === null ? '' : `, ${percent(fraction)}`;
  return `${shortened(name, 60)}: ${count(done)}${of}${unit === null ? '' : ` ${unit}`}${share}`;
}
