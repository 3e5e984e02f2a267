/** BSON dates, and what plainly means an instant, as `timestamp(3)` in UTC: microseconds since 2000-01-01 in the binary format. */
import type { ByteWriter } from '../../bson/byte-writer.ts';
import { byteAt, int32At, int64At, uint32At } from '../../bson/bytes.ts';
import { elementType, isNumber } from '../../bson/element-type.ts';
import { exactNumberAt } from '../../bson/number.ts';
import type { ChangeCode } from '../codes.ts';
import type { Encoder } from '../column.ts';
import { roundHalfEven } from './integer.ts';
import { millisecondsOfText } from './iso-text.ts';

/** 2000-01-01, PostgreSQL's epoch, in milliseconds since 1970. */
const epochMs = 946_684_800_000;
/** What PostgreSQL takes (manual, "Date/Time Types"): from 4714-11-24 BC to the end of 294276, in milliseconds since 1970. */
const minMs = -210_866_803_200_000n;
const maxMs = 9_224_318_016_000_000n;
/** Up to here from 1970, the microseconds are integers that a double holds exactly (year 2225). */
const exactMs = 8_000_000_000_000;

export const encodeTimestamp: Encoder = (document, column, type, offset, length) => {
  const { out } = document.streams.rows;
  if (type === elementType.date) {
    const high = int32At(document.bytes, offset + 4);
    const milliseconds = high * 0x1_0000_0000 + uint32At(document.bytes, offset);
    if (milliseconds > -exactMs && milliseconds < exactMs) {
      writeTimestamp(out, milliseconds);
      return true;
    }
    return writeFarTimestamp(out, int64At(document.bytes, offset));
  }
  const instant = instantOf(document.bytes, type, offset, length);
  if (instant === null || !writeFarTimestamp(out, instant.milliseconds)) return false;
  document.change(column.name, instant.code, { type, offset, length });
  return true;
};

/** Within `exactMs` of 1970. */
export function writeTimestamp(out: ByteWriter, milliseconds: number): void {
  const microseconds = (milliseconds - epochMs) * 1000;
  out.int32(8);
  out.int32(Math.floor(microseconds / 0x1_0000_0000));
  out.int32(microseconds >>> 0);
}

function writeFarTimestamp(out: ByteWriter, milliseconds: bigint): boolean {
  if (milliseconds < minMs || milliseconds >= maxMs) return false;
  out.int32(8);
  out.int64((milliseconds - BigInt(epochMs)) * 1000n);
  return true;
}

/** The creation time inside an ObjectId: its first four bytes, big-endian seconds since 1970. */
export function objectIdMilliseconds(bytes: Buffer, offset: number): number {
  const high = (byteAt(bytes, offset) << 8) | byteAt(bytes, offset + 1);
  const low = (byteAt(bytes, offset + 2) << 8) | byteAt(bytes, offset + 3);
  return (high * 0x1_0000 + low) * 1000;
}

interface Instant {
  readonly milliseconds: bigint;
  readonly code: ChangeCode;
}

function instantOf(bytes: Buffer, type: number, offset: number, length: number): Instant | null {
  if (type === elementType.string) {
    const milliseconds = millisecondsOfText(bytes.toString('latin1', offset + 4, offset + length - 1));
    return milliseconds === null ? null : { milliseconds, code: 'DATE_FROM_STRING' };
  }
  if (type === elementType.timestamp) {
    return { milliseconds: BigInt(uint32At(bytes, offset + 4)) * 1000n, code: 'DATE_FROM_TIMESTAMP' };
  }
  if (!isNumber(type)) return null;
  const number = exactNumberAt(bytes, type, offset);
  const whole = number.kind === 'finite' ? roundHalfEven(number) : null;
  return whole?.exact ? { milliseconds: whole.value, code: 'DATE_FROM_NUMBER' } : null;
}
