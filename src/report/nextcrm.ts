/** The sections "In NextCRM" and "First sign-in": where each kind of value is in the newest release, and what an administrator should know. */
import type { Verdict } from '../findings/finding.ts';
import { dataTable } from './data-table.ts';
import { count, counted } from './format.ts';
import { html, type Markup } from './markup.ts';

export interface InNextCrm {
  /** Whether a later release of NextCRM has upgraded the database: 'under way' while one of its migrations is begun and not finished. */
  readonly state: 'not upgraded' | 'under way' | 'upgraded';
  /** What its migrations took away is restored. */
  readonly restored: boolean;
  readonly kinds: readonly {
    readonly what: string;
    /** Where it is in the release, or that it has no place there. */
    readonly where: string;
    readonly home: boolean;
    readonly count: number;
    /** SQL that shows it. */
    readonly query: string;
    /** Secrets in clear text. */
    readonly secrets: boolean;
  }[];
  readonly firstSignIn: readonly Line[];
  readonly lookAt: readonly Line[];
}

interface Line {
  readonly text: string;
  /** Up to 20. */
  readonly ids: readonly string[];
}

interface Told {
  readonly id: string;
  readonly verdict: Verdict | null;
  /** Absent in a report of an earlier version. */
  readonly nextcrm?: InNextCrm | null;
}

/** A few lines of report.txt. */
export function nextCrmLines({ id, verdict, nextcrm }: Told): string[] {
  if (!nextcrm) return [];
  const homeless = nextcrm.kinds.filter((kind) => !kind.home && kind.count > 0).length;
  return [
    nextcrm.restored
      ? 'In NextCRM: every value that has a place there is in it'
      : verdict === 'findings'
        ? `Next: correct what is found, or accept ${id}, and start this again; NextCRM is started after that`
        : 'Next: start NextCRM once, then run this again, before anybody signs in',
    'Passwords no longer work in NextCRM: see "First sign-in" in report.html',
    ...(homeless === 0 ? [] : [`Without a place in NextCRM: ${counted(homeless, 'kind')} of value, see "In NextCRM"`]),
  ];
}

export function nextCrmSections({ verdict, nextcrm }: Told): Markup | null {
  if (!nextcrm) return null;
  const kinds = nextcrm.kinds.filter((kind) => kind.count > 0);
  return html`<section class="nextcrm"><h2 id="first-sign-in">First sign-in</h2>
${lines(nextcrm.firstSignIn)}
<h2 id="in-nextcrm">In NextCRM</h2>
<p>${sentences[nextcrm.restored ? 'restored' : verdict === 'findings' ? 'findings' : nextcrm.state]}</p>
${table(
  'Kind of value',
  'Where it is',
  kinds.filter(({ home }) => home),
)}
<h3 id="without-a-place">Without a place in NextCRM</h3>
<p>These values are preserved. The query shows them.</p>
${table(
  'Kind of value',
  'In NextCRM',
  kinds.filter(({ home }) => !home),
)}
<h3>What an administrator should look at</h3>
${lines(nextcrm.lookAt)}</section>`;
}

const sentences = {
  findings:
    'The migration has findings: correct them, or accept them, and start the same command again, before NextCRM is started. The next report says how to continue.',
  restored: 'The newest release of NextCRM has upgraded this database. What its migrations took away is restored, and checked.',
  upgraded:
    'A later release of NextCRM has upgraded this database. Run the same command again: it restores what the upgrade took away.',
  'under way': 'An upgrade of NextCRM has begun and not ended. When NextCRM has started, run the same command again.',
  'not upgraded':
    'The newest release of NextCRM changes the database when it starts for the first time. Start it once, then run the same command again, before anybody signs in: it restores what the upgrade takes away.',
} as const;

function table(what: string, where: string, kinds: InNextCrm['kinds']): Markup | null {
  if (kinds.length === 0) return null;
  const rows = kinds.map(
    (kind) =>
      html`<tr><td>${kind.what}</td><td class="n">${count(kind.count)}</td><td>${kind.where}${kind.secrets ? '. The copy contains secrets in clear text' : ''}</td><td><code>${kind.query}</code></td></tr>`,
  );
  return dataTable(
    `${what}: ${where}`,
    [
      [what, 'text'],
      ['number', 'number'],
      [where, 'text'],
      ['Query', 'text'],
    ],
    rows,
  );
}

function lines(all: readonly Line[]): Markup {
  return html`<div class="card"><ul>${all.map(
    ({ text, ids }) => html`<li>${text}${ids.length === 0 ? null : html` <code>${ids.join(', ')}</code>`}</li>`,
  )}</ul></div>`;
}
