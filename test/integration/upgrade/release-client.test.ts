/** The Prisma Client of NextCRM's own release, generated from its schema, on a database that was migrated and upgraded. */
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Document } from 'bson';
import * as assert from 'uvu/assert';
import { runIn } from '../../../src/prisma/cli.ts';
import { appPrisma, appReleaseMissing } from '../../support/app-release.ts';
import { type DumpContent, type TemporaryFolder, temporaryFolder, writeDump } from '../../support/dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { adapterFor } from '../../support/prisma.ts';
import { workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';
import { dirty } from '../releases/dirty.ts';
import { smallCrm } from './small-crm.ts';

const test = suite("NextCRM's own Prisma Client");
const release = test.unless(appReleaseMissing);

// The cast: there are no raw bytes among them.
const users = dirty['Users'] as readonly Document[];
/** Without what is rejected, so that the run upgrades: an account without a name, and an address that both have. */
const accepted: DumpContent = {
  ...dirty,
  crm_Accounts: dirty['crm_Accounts']?.slice(0, 1) ?? [],
  Users: users.map((user) => (user['is_admin'] === true ? { ...user, email: 'Boss@Example.com' } : user)),
};
const valuesOfEveryKind: DumpContent = Object.fromEntries(
  [...new Set([...Object.keys(smallCrm), ...Object.keys(accepted)])].map((collection) => [
    collection,
    [...(smallCrm[collection] ?? []), ...(accepted[collection] ?? [])],
  ]),
);

interface Delegate {
  findMany(options: { readonly include?: Readonly<Record<string, true>> }): Promise<readonly object[]>;
  create(options: { readonly data: Readonly<Record<string, unknown>> }): Promise<{ readonly id: string }>;
  count(): Promise<number>;
}
type Client = Readonly<Record<string, Delegate>> & { $disconnect(): Promise<void> };
type Generated = { readonly PrismaClient: new (options: { readonly adapter: unknown }) => Client };

let folder: string;
let database: TestDatabase;
let dump: TemporaryFolder;
let client: Client;
let schema: string;

test.before(async () => {
  if (appReleaseMissing !== null) return;
  folder = await mkdtemp(join(tmpdir(), 'release-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  schema = await readFile(join(appPrisma, 'schema.prisma'), 'utf8');
  const generator = `generator client {
  provider = "prisma-client"
  output = "./client"
  runtime = "nodejs"
  moduleFormat = "esm"
  importFileExtension = "ts"
}`;
  await writeFile(join(folder, 'schema.prisma'), schema.replace(/generator client \{[^}]*\}/, generator));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'prisma.config.ts'), `export default { schema: 'schema.prisma' };\n`);
  const { exitCode, stdout, stderr } = await runIn(folder, ['generate'], undefined);
  assert.is(exitCode, 0, stdout + stderr);

  dump = await temporaryFolder();
  await writeDump(join(dump.path, 'nextcrm'), valuesOfEveryKind);
  database = await freshDatabase();
  await using place = await workplace();
  const { exit, output } = await place.run([], { MONGODB_URL: dump.url, DATABASE_URL: database.url, NEXTCRM_PRISMA: appPrisma });
  assert.is(exit, 0, output);
  const generated = (await import(pathToFileURL(join(folder, 'client/client.ts')).href)) as Generated;
  client = new generated.PrismaClient({ adapter: await adapterFor(database.url) });
});

test.after(async () => {
  await client?.$disconnect();
  await database?.[Symbol.asyncDispose]();
  await dump?.[Symbol.asyncDispose]();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** By model: its relations. */
function modelsIn(text: string): ReadonlyMap<string, readonly string[]> {
  const bodies = [...text.matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => [name, body] as const);
  const names = new Set(bodies.map(([name]) => name));
  return new Map(
    bodies.map(([name, body]) => [
      name,
      [...body.matchAll(/^\s+(\w+)\s+(\w+)(?:\[\]|\?)?(?:\s|$)/gm)]
        .filter(([, , type = '']) => names.has(type))
        .map(([, field = '']) => field),
    ]),
  );
}

const delegate = (model: string): Delegate => {
  const found = client[`${model.charAt(0).toLowerCase()}${model.slice(1)}`];
  assert.ok(found !== undefined, model);
  return found;
};

release('reads every row of every model with every relation', async () => {
  const models = modelsIn(schema);
  assert.ok(models.size > 60, `${models.size} models`);
  let rows = 0;
  for (const [model, relations] of models) {
    const include = Object.fromEntries(relations.map((field) => [field, true as const]));
    const read = await delegate(model)
      .findMany(relations.length === 0 ? {} : { include })
      .catch((error: unknown) => {
        throw new Error(`${model}: ${error instanceof Error ? error.message : error}`);
      });
    assert.is(read.length, await delegate(model).count(), model);
    rows += read.length;
  }
  assert.ok(rows > 300, `${rows} rows`);
});

release('writes a row of each main kind', async () => {
  const user = await delegate('Users').create({ data: { v: 0, email: 'new@example.com', name: 'New', password: '' } });
  const account = await delegate('crm_Accounts').create({
    data: { v: 0, name: 'New', createdBy: user.id, assigned_to: user.id },
  });
  await delegate('crm_Contacts').create({ data: { v: 0, last_name: 'New', accountsIDs: account.id } });
  await delegate('crm_Leads').create({ data: { v: 0, lastName: 'New', assigned_to: user.id } });
  await delegate('crm_Opportunities').create({ data: { v: 0, name: 'New', budget: 1, expected_revenue: 2, currency: 'CZK' } });
  await delegate('crm_campaigns').create({ data: { v: 0, name: 'New', status: 'draft' } });
  await delegate('Boards').create({ data: { v: 0, title: 'New', description: 'New', user: user.id, sharedWith: [] } });
  await delegate('Documents').create({
    data: {
      v: 0,
      document_name: 'New',
      document_file_mimeType: 'application/pdf',
      document_file_url: 'https://files.example/new.pdf',
      document_system_type: 'OTHER',
    },
  });
  await delegate('Invoices').create({ data: { accountId: account.id, createdBy: user.id, currency: 'CZK' } });
});

test.run();
