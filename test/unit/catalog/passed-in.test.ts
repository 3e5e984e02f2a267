/** The engine knows no collection and no field of NextCRM: what is migrated is the value that src/catalog/ makes. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { suite } from '../../support/suite.ts';

const test = suite('catalog/passed-in');
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The catalog itself, what is about later releases, and what is generated from the schema. */
const aboutNextcrm = /^src\/(catalog|releases|prisma\/client)\//;

const names: readonly string[] = [
  ...nextcrm.collections.flatMap(({ collection, columns, links }) => [
    collection,
    ...Object.keys(columns),
    ...Object.keys(links),
  ]),
  ...nextcrm.junctions.flatMap(({ table, left, right }) => [table, left.column, right.column]),
  ...nextcrm.lookupTables,
];
/** `crm_Leads`, `createdAt`: no word of a text. Others count where they are quoted, or are the name of a property. */
const isCompound = (name: string) => /_|[a-z][A-Z]/.test(name);
const compound = new Set(names.filter(isCompound));
const plain = new Set(names.filter((name) => !isCompound(name)));

/** Fields with a common word for a name, and what else the word means here. */
const commonWords: Readonly<Record<string, string>> = {
  name: 'of anything',
  title: 'of a step, of a page',
  description: 'of a server, without its password',
  content: 'of a dump, of a file',
  notes: 'of a report',
  value: 'of a field, of a setting',
  key: 'of a table, of an object in JSON',
  type: 'of a column, of a value in BSON',
  size: 'of a set, of a file',
  position: 'in a collection, in a text',
  state: 'of a run, of an upgrade',
  status: 'of a layer; the command',
  url: 'of a server',
  user: 'in a URL',
  username: 'in a URL',
  password: 'in a URL',
  model: "Prisma's word for a table",
  partner: 'the other side of a link',
  currency: 'what a text is normalized to',
  task: "listr2's word for a step",
  zip: 'the file format',
};
const isForeign = (name: string) => (compound.has(name) || plain.has(name)) && !Object.hasOwn(commonWords, name);

/** The names that stand in a text: a compound one as a word, another as the whole of it or as a quoted identifier. */
function namesIn(text: string): readonly string[] {
  const words = text.match(/\w+/g) ?? [];
  const quoted = [text, ...[...text.matchAll(/(["'`])(\w+)\1/g)].map(([, , name = '']) => name)];
  // An identifier of SQL with its alias.
  const aliased = [...text.matchAll(/\b[a-z]\.(\w+)/g)].map(([, name = '']) => name);
  return [...words.filter((word) => compound.has(word)), ...[...quoted, ...aliased].filter((name) => plain.has(name))].filter(
    isForeign,
  );
}

interface Found {
  /** What stands in strings and templates, and in SQL outside of comments. */
  readonly texts: readonly string[];
  /** The names of properties, where they are declared, given or asked for. */
  readonly properties: readonly string[];
}

function contentsOf(path: string): Found {
  const content = readFileSync(path, 'utf8');
  if (path.endsWith('.sql')) return { texts: content.split('\n').map((line) => line.replace(/--.*/, '')), properties: [] };
  return contentsIn(content);
}

function contentsIn(content: string): Found {
  const texts: string[] = [];
  const properties: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) texts.push(node.text);
    for (const name of propertyNamesOf(node)) if (ts.isIdentifier(name)) properties.push(name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('', content, ts.ScriptTarget.Latest));
  return { texts, properties };
}

function propertyNamesOf(node: ts.Node): readonly ts.Node[] {
  if (ts.isObjectBindingPattern(node)) return node.elements.map(({ propertyName, name }) => propertyName ?? name);
  const has =
    ts.isPropertyAccessExpression(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node);
  return has ? [node.name] : [];
}

/** Prisma Client has a model under the name of its table, with a small first letter. */
const asModel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const models = new Set(names.filter((name) => /^[A-Z]/.test(name)).map(asModel));
const isForeignProperty = (name: string) => isForeign(name) || (isCompound(name) && models.has(name));

const foreignIn = ({ texts, properties }: Found) => [...texts.flatMap(namesIn), ...properties.filter(isForeignProperty)];

const files = globSync('src/**/*.{ts,sql}', { cwd: root });

test('no name of a collection or a field stands outside src/catalog/', () => {
  const engine = files.filter((path) => !aboutNextcrm.test(path));
  assert.ok(engine.length > 100, 'the sources were found');
  assert.equal(
    engine.flatMap((path) => foreignIn(contentsOf(root + path)).map((name) => `${path}: ${name}`)),
    [],
  );
});

test('a common word is the name of a field, and stands in the engine', () => {
  const engine = files.filter((path) => !aboutNextcrm.test(path)).map((path) => contentsOf(root + path));
  const used = new Set(engine.flatMap(({ texts, properties }) => [...texts, ...properties]));
  assert.equal(
    Object.keys(commonWords).filter((word) => !plain.has(word) || !used.has(word)),
    [],
  );
});

test('src/target/ does not know which application it is for', () => {
  const target = files.filter((path) => path.startsWith('src/target/'));
  assert.ok(target.length > 20, 'the sources were found');
  // The program may say its own name.
  const names = /nextcrm(?!-migrate)|0_init|_prisma_migrations/i;
  assert.equal(
    target.filter((path) => contentsOf(root + path).texts.some((text) => names.test(text))),
    [],
  );
});

test('what stands in a text is told from plain words', () => {
  assert.equal(namesIn('update public."Users" set createdAt = null'), ['createdAt', 'Users']);
  assert.equal(namesIn('select t.email, "tags" from x t where "title" is null'), ['tags', 'email']);
  assert.equal(namesIn('Documents'), ['Documents']);
  assert.equal(namesIn('email'), ['email']);
  assert.equal(namesIn('Documents per collection: name, email, tags, createdAtAll'), []);
});

test('a name is found wherever a property can have it', () => {
  const properties = (content: string) => contentsIn(content).properties.filter(isForeignProperty);
  assert.equal(properties('row.email'), ['email']);
  assert.equal(properties('const row = { email, tags: 1 }'), ['email', 'tags']);
  assert.equal(properties('const { email, tags: others } = row'), ['email', 'tags']);
  assert.equal(properties('interface Row { email: string; tags(): void }'), ['email', 'tags']);
  assert.equal(properties('client.gpt_models; client.boards; client.crm_Leads; client.todoList'), [
    'gpt_models',
    'crm_Leads',
    'todoList',
  ]);
  assert.equal(properties('const email = [tags]; f({ name, title: email })'), []);
});

test.run();
