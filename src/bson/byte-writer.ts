/** A growing output of bytes: big-endian numbers as PostgreSQL's binary COPY wants them, and text. */
import { byteAt, hexDigit } from './bytes.ts';

/** A buffer above this size is given back when a batch used little of it. */
const idleCapacityMax = 4 * 1024 * 1024;
/** And above this one in any case: one huge document makes it, and may be the only one. */
const keptCapacityMax = 16 * 1024 * 1024;

/** Up to here a buffer doubles when it is full, above it grows by a quarter: what is not used is held all the same. */
const doublingCapacityMax = 4 * 1024 * 1024;

export class ByteWriter {
  bytes: Buffer;
  /** Over `bytes`, offset for offset: whole numbers in one store each. */
  view: DataView;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.view = viewOf(this.bytes);
  }

  /** Starts again at the front. What `written()` gave out before is overwritten from now on. */
  clear(): void {
    const { length } = this.bytes;
    if (length > keptCapacityMax || (length > idleCapacityMax && this.length < length / 4)) this.#resize(idleCapacityMax);
    this.length = 0;
  }

  /** Makes room for `count` more bytes. `bytes` may be another buffer afterwards. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed > this.bytes.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const { length } = this.bytes;
    this.#resize(Math.max(needed, length <= doublingCapacityMax ? length * 2 : Math.ceil(length * 1.25)));
  }

  /** The former memory is free at once, without the garbage collector, which lets much of this kind pile up. */
  #resize(capacity: number): void {
    this.bytes = Buffer.from((this.bytes.buffer as ArrayBuffer).transfer(capacity));
    this.view = viewOf(this.bytes);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  int16(value: number): void {
    this.reserve(2);
    this.view.setInt16(this.length, value);
    this.length += 2;
  }

  int32(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.length, value);
    this.length += 4;
  }

  /** Writes over what stands at `offset`: a length that is known only after its content. */
  int32At(offset: number, value: number): void {
    this.view.setInt32(offset, value);
  }

  int64(value: bigint): void {
    this.reserve(8);
    this.length = this.bytes.writeBigInt64BE(value, this.length);
  }

  copy(source: Buffer, start: number, end: number): void {
    const count = end - start;
    this.reserve(count);
    const { bytes, length } = this;
    if (count < 32) {
      for (let index = 0; index < count; index++) bytes[length + index] = byteAt(source, start + index);
    } else {
      source.copy(bytes, length, start, end);
    }
    this.length = length + count;
  }

  /** Only characters below U+0080. */
  ascii(text: string): void {
    const count = text.length;
    this.reserve(count);
    const { bytes, length } = this;
    for (let index = 0; index < count; index++) bytes[length + index] = text.charCodeAt(index);
    this.length = length + count;
  }

  /** Two hexadecimal digits a byte. */
  hex(source: Buffer, start: number, end: number): void {
    this.reserve((end - start) * 2);
    const { bytes } = this;
    let at = this.length;
    for (let index = start; index < end; index++) {
      const byte = byteAt(source, index);
      bytes[at++] = hexDigit(byte >> 4);
      bytes[at++] = hexDigit(byte & 15);
    }
    this.length = at;
  }

  /** The bytes written so far: a view, not a copy. */
  written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
