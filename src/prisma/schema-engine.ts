#!/usr/bin/env node
/**
 * The schema engine that the stock Prisma CLI is given as PRISMA_SCHEMA_ENGINE_BINARY: Prisma's own, as WebAssembly.
 * The target's URL comes in NEXTCRM_SCHEMA_ENGINE_URL, for an argument can be read by every user of the machine; by hand, without
 * that variable, `--datasource` counts as with the native engine.
 */
import { parseArgs } from 'node:util';
import { inheritedEnvironment } from '../config/settings.ts';
import { parseTargetUrl, type TargetUrl } from '../config/target-url.ts';
import { messageOf } from './engine/message.ts';
import { serve } from './engine/rpc.ts';
import { openEngine } from './engine/wasm.ts';

const { values, positionals } = parseArgs({
  options: { datasource: { type: 'string' }, datamodels: { type: 'string', multiple: true }, version: { type: 'boolean' } },
  allowPositionals: true,
  strict: false,
});

if (values.version === true) {
  process.stdout.write('schema-engine-cli wasm\n');
} else if (positionals[0] === 'cli') {
  process.exit(await oneCommand(positionals[1] ?? ''));
} else {
  await serve(() => openEngine(target()), {
    requests: process.stdin,
    send: (message) => process.stdout.write(`${JSON.stringify(message)}\n`),
  });
  // A request may still be under way when the CLI is gone: what it has not committed, the server rolls back.
  process.exit(0);
}

function target(): TargetUrl {
  const parsed = parseTargetUrl(inheritedEnvironment()['NEXTCRM_SCHEMA_ENGINE_URL'] || urlOfDatasource(), process.cwd());
  if ('problem' in parsed) throw new Error(`${parsed.problem.what} ${parsed.problem.next}`);
  return parsed.value;
}

function urlOfDatasource(): string {
  const datasource: unknown = JSON.parse(String(values.datasource ?? '{}'));
  const named = typeof datasource === 'object' && datasource !== null && 'url' in datasource;
  return named && typeof datasource.url === 'string' ? datasource.url : '';
}

/** The CLI reads a failure from stderr, where it skips the first line and takes the others as the engine's log. */
async function oneCommand(command: string): Promise<number> {
  try {
    if (command !== 'can-connect-to-database') throw new Error(`Unknown command ${command}`);
    await openEngine(target());
    return 0;
  } catch (error) {
    const fields = { message: messageOf(error), error_code: 'P1000' };
    process.stderr.write(`schema engine\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}`);
    return 1;
  }
}
