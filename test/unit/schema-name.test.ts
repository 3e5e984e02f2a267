/** The name of our own schema stands in one place of the program; schema.sql, which creates it, may repeat it. */
import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { stateSchema } from '../../src/schema-name.ts';
import { suite } from '../support/suite.ts';

const test = suite('the name of the schema');
const source = new URL('../../src/', import.meta.url);
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.startsWith('prisma/client/'),
);
const comments = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;

test('one file of the source has it, outside of comments', () => {
  const named = files.filter((file) => readFileSync(new URL(file, source), 'utf8').replace(comments, '').includes(stateSchema));
  assert.equal(named, ['schema-name.ts']);
});

test('schema.sql creates the schema of that name', () => {
  assert.match(readFileSync(new URL('state/schema.sql', source), 'utf8'), `create schema ${stateSchema};`);
});

test.run();
