/** The uncompressed bytes of a dump's file, in order, whether the file is compressed or not. */
import { open } from 'node:fs/promises';
import { isCompressed } from './content.ts';
import { dumpFailure } from './failures.ts';
import { GunzipReader } from './gunzip-reader.ts';
import { type ByteReader, PlainReader } from './plain-reader.ts';

/** Opens `path`, compressed with gzip or not, so that reading begins at `offset`; null where the file ends before it. */
export async function openBytes(path: string, offset: number): Promise<ByteReader | null> {
  const file = await open(path).catch((error: unknown) => {
    throw dumpFailure(path, error);
  });
  const plain = new PlainReader(file, path);
  let reader: GunzipReader | PlainReader = plain;
  try {
    if (await isCompressed(file, path)) reader = new GunzipReader(plain, () => openBytesOf(path));
    if (await reader.skip(offset)) return reader;
  } catch (error) {
    await reader.close();
    throw error;
  }
  await reader.close();
  return null;
}

async function openBytesOf(path: string): Promise<PlainReader> {
  return new PlainReader(await open(path), path);
}
