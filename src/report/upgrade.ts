/** The section "Before you upgrade NextCRM": what would stop an upgrade, what one takes away, and where its copy is. */
import { count, counted, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';

export interface Upgrade {
  /** Values that the migrations of a later release cannot take; those that are all right have the count 0. */
  readonly stops: readonly {
    readonly table: string;
    readonly column: string;
    /** What the upgrade takes. */
    readonly takes: string;
    readonly count: number;
    /** SQL that shows the rows. */
    readonly list: string;
    /** SQL that puts them right; the originals stay in the archive. */
    readonly mend: string;
  }[];
  /** What a later release drops or cuts. */
  readonly drops: readonly {
    readonly table: string;
    /** Empty: the table as a whole. */
    readonly columns: readonly string[];
    readonly what: string;
    /** Rows that lose something. */
    readonly count: number;
    /** The table of the archive, null where a person has dropped it. */
    readonly copy: string | null;
    /** SQL that reads the copy. */
    readonly read: string;
    /** The copy holds secrets in clear text. */
    readonly secrets: boolean;
  }[];
  /** Tables that stay and are no longer used. */
  readonly unused: readonly string[];
}

interface Told {
  /** Absent in a report of an earlier version. */
  readonly upgrade?: Upgrade | null;
}

const dropArchive = 'drop schema if exists nextcrm_archive cascade;';
const runAfterUpgrade = 'psql "$DATABASE_URL" -f after-upgrade.sql';

/** One line of report.txt. */
export function upgradeLines({ upgrade }: Told, width: number): string[] {
  if (!upgrade) return [];
  const stopping = upgrade.stops.filter((stop) => stop.count > 0);
  const values = stopping.reduce((sum, stop) => sum + stop.count, 0);
  if (values === 0) return ['Before you upgrade NextCRM: nothing stops it, some of it drops data: see report.html'];
  const where = stopping.map(({ table, column }) => `${table}.${column}`).join(', ');
  const first = `Before you upgrade NextCRM: ${counted(values, 'value')} would stop it, see report.html (`;
  return [`${first}${shortened(where, width - first.length - 1)})`];
}

export function upgradeSection({ upgrade }: Told): Markup | null {
  if (!upgrade) return null;
  return html`<h2>Before you upgrade NextCRM</h2>
${stopsPart(upgrade)}
${dropsPart(upgrade)}
${afterPart(upgrade)}`;
}

function stopsPart({ stops }: Upgrade): Markup {
  const stopping = stops.filter((stop) => stop.count > 0);
  if (stopping.length === 0)
    return html`<p>No value of this database stops the migrations of a later release. Values that are entered until then may: look again, with the queries of report.json (<code>upgrade.stops</code>), right before you upgrade.</p>`;
  return html`<p>The migrations of a later release stop in the middle at the values counted here. Look at them, correct in NextCRM what you want to keep, then mend the rest. Their originals stay in nextcrm_archive.</p>
${stopping.map(
  (
    stop,
  ) => html`<section class="card"><div class="head"><span class="code">${count(stop.count)}</span><h3>${stop.table}.${stop.column}</h3></div>
<p>The upgrade takes ${stop.takes}. These show the rows, and put them right:</p>
<pre>${stop.list}</pre>
<pre>${stop.mend}</pre></section>`,
)}`;
}

function dropsPart({ drops, unused }: Upgrade): Markup {
  const rows = drops.map(
    (drop) =>
      html`<tr><td>${[drop.table, ...(drop.columns.length === 0 ? [] : [drop.columns.join(', ')])].join(': ')}</td><td class="n">${count(drop.count)}</td><td>${drop.what}</td><td>${
        drop.copy === null ? 'the copy was dropped' : html`<code>${drop.read}</code>`
      }</td></tr>`,
  );
  return html`<p>What a later release drops or cuts, how many rows that touches, and the query that reads the copy which was made by this migration:</p>
<div class="scroll"><table><thead><tr><th scope="col">Table</th><th scope="col" class="n">rows</th><th scope="col">What becomes of it</th><th scope="col">The copy</th></tr></thead><tbody>${rows}</tbody></table></div>
<p>These stay, and later releases no longer use them: ${unused.join(', ')}.</p>`;
}

function afterPart({ drops }: Upgrade): Markup {
  const secret = drops.find(({ secrets, copy }) => secrets && copy !== null);
  return html`${
    secret === undefined
      ? null
      : html`<p><strong>${secret.copy ?? ''} holds secrets</strong>: the API keys of your users in clear text. Whoever may read this schema can read them, and so can whoever gets a backup of it. To take this copy away: <code>drop table ${secret.copy ?? ''};</code></p>`
  }
<p>After the upgrade nobody is an administrator. <code>after-upgrade.sql</code>, beside this page, gives former administrators their role back from the archive: <code>${runAfterUpgrade}</code>. It can be run at any time, and again: who was made a manager on purpose since stays one, as long as there is an administrator.</p>
<p>No table of NextCRM depends on the copies, but <code>after-upgrade.sql</code> reads them. To take all of them away, once it has run after the upgrade: <code>${dropArchive}</code></p>`;
}
