/** What a person does after a migration that needs nothing more. */
import { html, type Markup } from './markup.ts';
import type { Report } from './model.ts';

export function whatNow({ command, verdict, target }: Report): Markup | null {
  if (command !== 'migrate' || (verdict !== 'success' && verdict !== 'accepted')) return null;
  return html`<h2>What now</h2>
<div class="card"><ol>
<li>Start the PostgreSQL release of NextCRM with <code>DATABASE_URL</code> set to this database (${target}).</li>
<li>Keep the backup of MongoDB, and the schema <code>nextcrm_migration</code> with its originals, until you are content.</li>
<li>Then, with this migration no longer among the services that start with NextCRM: <code>drop schema nextcrm_migration cascade;</code></li>
</ol></div>`;
}
