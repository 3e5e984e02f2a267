/** What a user with some SQL would write: inserts of many rows through postgres.js, one after the other. Arguments: folder, URL. */
import postgres from 'postgres';
import { type Row, rowsOf } from './rows.ts';

const [folder = '', url = ''] = process.argv.slice(2);

/** The protocol's own limit: the number of parameters is sent in 16 bits. */
const parametersMax = 65_534;

const sql = postgres(url, { max: 1 });
await sql`select 1`;

const beganMs = performance.now();
for await (const { table, columns, json, rows } of rowsOf(folder)) {
  const atOnce = Math.floor(parametersMax / columns.length);
  for (let at = 0; at < rows.length; at += atOnce) {
    const values = rows.slice(at, at + atOnce).map((row) => asTheDriverTakesIt(row, json));
    await sql`insert into ${sql(table)} ${sql(values, [...columns])}`;
  }
}
console.log(JSON.stringify({ seconds: (performance.now() - beganMs) / 1000 }));
await sql.end();

function asTheDriverTakesIt(row: Row, json: ReadonlySet<string>): Record<string, never> {
  const values = Object.entries(row).map(([name, value]) => {
    if (typeof value === 'bigint') return [name, value.toString()];
    return [name, json.has(name) && value !== null ? sql.json(value as postgres.JSONValue) : value];
  });
  // The driver's types want each column named beforehand; the rows are those of 39 tables.
  return Object.fromEntries(values) as Record<string, never>;
}
