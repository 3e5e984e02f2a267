/** The command line of `scripts/make-sample`. */
import { parseArgs } from 'node:util';
import { Failure } from '../../src/failure.ts';
import type { DirtLevel } from './dirt.ts';
import { accountsOnly, type Plan, typicalDocuments, wholeDatabase } from './plan.ts';
import { database, writeSample } from './sample.ts';

const usage = `usage: scripts/make-sample --out DIR [--documents N | --scale X | --accounts N] [--seed N] [--clean | --dirty] [--gzip]

  --out DIR       writes DIR/${database}/<collection>.bson and .metadata.json, as mongodump does
  --documents N   about N documents of all collections (default ${typicalDocuments})
  --scale X       X times ${typicalDocuments} documents
  --accounts N    N documents of crm_Accounts only, with the users and industries that they reference
  --seed N        seed of the random numbers (default 1)
  --clean         no dirty data
  --dirty         also dirty data that the migration rejects
  --gzip          .bson.gz and .metadata.json.gz`;

/** The counter inside an ObjectId has 24 bits, a part of which is the start of each collection. */
const documentsMax = 15_000_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      documents: { type: 'string' },
      scale: { type: 'string' },
      accounts: { type: 'string' },
      seed: { type: 'string', default: '1' },
      clean: { type: 'boolean', default: false },
      dirty: { type: 'boolean', default: false },
      gzip: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  if (values.out === undefined) throw misuse('--out DIR is missing.');
  if (values.clean && values.dirty) throw misuse('--clean and --dirty exclude each other.');
  const seed = wholeNumber('--seed', values.seed, 0, 0xffffffff);
  const dirt: DirtLevel = values.clean ? 'none' : values.dirty ? 'rejected too' : 'usual';
  let documents = 0;
  let bytes = 0;
  for await (const written of writeSample({ out: values.out, seed, plan: planOf(values), dirt, gzip: values.gzip })) {
    documents += written.documents;
    bytes += written.bytes;
    console.log(`${written.collection.padEnd(32)}${String(written.documents).padStart(12)} documents${megabytes(written.bytes)}`);
  }
  console.log(`${'total'.padEnd(32)}${String(documents).padStart(12)} documents${megabytes(bytes)}`);
  console.log(`seed ${seed}, dirt: ${dirt}, database ${database} in ${values.out}`);
}

function planOf({ documents, scale, accounts }: { [option: string]: string | boolean | undefined }): Plan {
  const given = [documents, scale, accounts].filter((size) => size !== undefined);
  if (given.length > 1) throw misuse('--documents, --scale and --accounts exclude each other.');
  if (typeof accounts === 'string') return accountsOnly(wholeNumber('--accounts', accounts, 1, documentsMax));
  if (typeof documents === 'string') return wholeDatabase(wholeNumber('--documents', documents, 1, documentsMax));
  if (typeof scale !== 'string') return wholeDatabase(typicalDocuments);
  const factor = Number(scale);
  if (!(factor > 0 && factor * typicalDocuments <= documentsMax)) throw misuse('--scale requires a number above 0.');
  return wholeDatabase(Math.round(factor * typicalDocuments));
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw misuse(`${option} requires a whole number from ${least} to ${most}.`);
  return number;
}

function misuse(what: string): Failure {
  return new Failure({ code: 'USAGE', exit: 2, what, next: usage });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2).padStart(12)} MB`;
}

function isUsageOfParseArgs(error: unknown): error is Error & { code: string } {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

try {
  await main();
} catch (error) {
  const failure = isUsageOfParseArgs(error) ? misuse(error.message) : error;
  if (!(failure instanceof Failure)) throw failure;
  console.error(`${failure.message}\n${failure.next}`);
  process.exitCode = failure.exit;
}
