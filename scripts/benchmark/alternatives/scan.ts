/** The limit of reading: every document of the source found, and dropped. Argument: MONGODB_URL. */
import { openSource } from '../../../src/source/open.ts';

const [url = ''] = process.argv.slice(2);
const limits = { documentsMax: 10_000, bytesMax: 8 * 1024 * 1024 };

await using source = await openSource(url, { signal: new AbortController().signal });
const beganMs = performance.now();
let documents = 0;
for (const { name, type } of await source.collections()) {
  if (type !== 'collection') continue;
  for await (const batch of source.read(name, null, limits)) documents += batch.documents.length;
}
console.log(JSON.stringify({ seconds: (performance.now() - beganMs) / 1000, documents }));
