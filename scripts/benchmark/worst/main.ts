/** `scripts/bench-worst`: the worst cases beside clean data, printed, and kept in docs/performance.md. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../lib/postgres/embedded-server.ts';
import { keep } from '../report/files.ts';
import { worstSection } from '../report/worst.ts';
import { measureWorst } from './measure.ts';

const usage = `usage: scripts/bench-worst [--documents N] [--case WORDS] [--server URL] [--dry]

  --documents N   a case (default 20000)
  --case WORDS    only the cases with these words in their name, and the clean ones
  --server URL    a PostgreSQL with pgvector, as superuser (default: one of its own, embedded)
  --dry           only prints`;

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '20000' },
    case: { type: 'string', default: '' },
    server: { type: 'string' },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const documents = Number(values.documents);
if (values.help) console.log(usage);
else if (!Number.isSafeInteger(documents) || documents < 1) {
  console.error(usage);
  process.exitCode = 2;
} else await run();

async function run(): Promise<void> {
  await using own = values.server === undefined ? await startEmbedded({ durable: true }) : null;
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-bench-'));
  try {
    const results = await measureWorst(documents, values.case, values.server ?? own?.url ?? '', folder);
    const section = worstSection(results);
    console.log(`\n${section}`);
    if (!values.dry && values.case === '') await keep('worst', results, section);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
