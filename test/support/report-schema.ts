/** Holds every report that tests meet against docs/report.schema.json. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Report } from '../../src/report/model.ts';

const schema: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'),
);

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  // A part that only narrows what the whole declares repeats no type.
  strictTypes: false,
  strictRequired: false,
  formats: { uuid, 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) },
}).compile(schema);

/** What breaks the schema, one line each; empty where the report keeps it. */
export function schemaErrors(report: unknown): readonly string[] {
  if (validate(report)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** @throws where the text of a report.json breaks the schema. */
export function parsedReport(text: string): Report {
  const report: unknown = JSON.parse(text);
  const errors = schemaErrors(report);
  if (errors.length > 0) throw new Error(`report.json breaks docs/report.schema.json:\n${errors.join('\n')}`);
  return report as Report;
}
