/** Documents of many megabytes, whose memory must be free before the next ones come. */

/** Beyond what a batch of small documents holds. */
const largeBytesMin = 8 * 1024 * 1024;

/**
 * To be called after each batch with the size of its documents. Buffers outside the heap are garbage that V8 by itself collects only when
 * there are 64 MB of it. Without `--expose-gc` (main.ts has it) it is left to V8.
 */
export function freeLarge(bytes: number): void {
  if (bytes >= largeBytesMin) globalThis.gc?.();
}
