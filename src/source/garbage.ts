/** When garbage is collected: V8 by itself lets it pile up to a multiple of what is in use, and buffers outside the heap to 64 MB. */
import { setFlagsFromString } from 'node:v8';

/** Beyond what a batch of small documents holds. */
const largeBytesMin = 8 * 1024 * 1024;

/** To be called after each batch with the size of its documents: what large ones held must be free before the next ones come. */
export function freeLarge(bytes: number): void {
  if (bytes >= largeBytesMin) collectGarbage();
}

/** Without `--expose-gc` (main.ts has it) it is left to V8. */
function collectGarbage(): void {
  globalThis.gc?.();
}

/**
 * From now on the heap is collected whenever it has grown by four fifths, buffers outside counted. For the proof, which has new ones for
 * whatever it reads; the load leaves little, and would take half as long again.
 */
export function collectEarly(): void {
  collectGarbage();
  setFlagsFromString('--heap-growing-percent=80');
}
