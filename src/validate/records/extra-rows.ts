/**
 * Rows that belong to no document, and documents that come twice: sought only where the counts give reason to. The source's
 * ids are read once more, a part of them at a time, so that memory is bounded.
 */
import { specOf } from '../../catalog/index.ts';
import { readTuples } from '../../target/copy-reader.ts';
import { batchLimits, type Context } from '../context.ts';
import { modifiedSql } from '../modified.ts';
import { documentsOf } from './documents.ts';
import type { UuidHex } from './identity.ts';
import { layoutOf } from './layout.ts';

/** Ids held at once, about 100 bytes each. */
const idsHeldMax = 500_000;

export async function locateExtraRows(context: Context, collection: string, rows: number): Promise<void> {
  const parts = Math.ceil(Math.max(rows, 1) / idsHeldMax);
  for (let part = 0; part < parts; part += 1) {
    const isMine = (id: UuidHex) => parts === 1 || Number.parseInt(id.slice(4, 12), 16) % parts === part;
    await locatePart(context, collection, isMine);
  }
}

async function locatePart(context: Context, collection: string, isMine: (id: UuidHex) => boolean): Promise<void> {
  const { catalog, findings, source, target, signal, finishedAt, relations } = context;
  const layout = layoutOf(collection, null);
  const expected = new Set<UuidHex>();
  const isPresent = (await source.collections()).some(({ name }) => name === collection);
  for await (const batch of isPresent ? source.read(collection, null, batchLimits) : []) {
    signal.throwIfAborted();
    const { ids } = documentsOf(batch, layout);
    for (let place = 0; place < ids.count; place += 1) {
      const id = ids.hex(place);
      if (isMine(id)) expected.add(id);
    }
  }
  const isModified = modifiedSql(specOf(catalog, collection), finishedAt);
  const text = `select t.id, ${isModified} as modified from ${relations(collection)} t`;
  for await (const row of readTuples(target.copyOut(text))) {
    const id = row.hex(0);
    if (!isMine(id) || expected.has(id)) continue;
    const modified = row.bytes[row.start(1)] === 1;
    findings.add('records', 'ROW_EXTRA', { collection, sourceId: nameOf(id), modified });
  }
}

/** The ObjectId inside the id, where it carries one, else the UUID. */
export function nameOf(id: UuidHex): string {
  if (/^.{12}8.{3}8.{9}0{6}$/.test(id)) return id.slice(0, 12) + id.slice(13, 16) + id.slice(17, 26);
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
