/** What a user would write: `createMany` through Prisma Client, a thousand rows at a time, one after the other. Arguments: folder, URL. */
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../../src/prisma/client/client.ts';
import { modelOf } from '../models.ts';
import { type Row, rowsOf } from './rows.ts';

const [folder = '', url = ''] = process.argv.slice(2);

interface Model {
  createMany(query: { readonly data: readonly Row[] }): PromiseLike<unknown>;
}

const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
await client.$connect();

const beganMs = performance.now();
for await (const { table, json, rows } of rowsOf(folder)) {
  await modelOf<Model>(client, table).createMany({ data: rows.map((row) => asPrismaTakesIt(row, json)) });
}
console.log(JSON.stringify({ seconds: (performance.now() - beganMs) / 1000 }));
await client.$disconnect();

/** `__v` is named `v` there, and a missing JSON value is left out: null would be ambiguous. */
function asPrismaTakesIt({ __v, ...row }: Row, json: ReadonlySet<string>): Row {
  for (const name of json) if (row[name] === null) delete row[name];
  return __v === undefined ? row : { ...row, v: __v };
}
