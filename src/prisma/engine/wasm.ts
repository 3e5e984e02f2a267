/** Prisma's schema engine from its WebAssembly package. */
import { readFile } from 'node:fs/promises';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { TargetUrl } from '../../config/target-url.ts';
import { adapterFactoryFor } from './adapter.ts';

/** Node has it; TypeScript declares it only for browsers. */
const { WebAssembly: webAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    instantiate(
      bytes: Uint8Array,
      imports: object,
    ): Promise<{ readonly instance: { readonly exports: { __wbindgen_start(): void } } }>;
  };
};

/** Once a process: a second instance would take the memory away from under the first one's engines. */
let instantiated: Promise<void> | undefined;

export async function openEngine(target: TargetUrl): Promise<SchemaEngine> {
  instantiated ??= instantiate();
  await instantiated;
  const factory = bindMigrationAwareSqlAdapterFactory(await adapterFactoryFor(target));
  return glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory);
}

/** The package imports its `.wasm` as a module, which Node cannot yet; its `exports` name the main entry beside it. */
async function instantiate(): Promise<void> {
  const bytes = await readFile(new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm')));
  const { instance } = await webAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}
