/**
 * Instants out of ISO 8601 text, the extended format: a whole date, alone or with a time; `T` or a space between them
 * (RFC 3339 allows it); a zone or none, which means UTC, as all times of the target do. A year has four digits, or a sign
 * and six or more. Digits beyond the millisecond are cut off, as the target's precision would round them to another
 * instant. A leap second, a day that its month does not have, or anything else is no instant.
 */
import { daysInMonth, millisecondsOf } from '../../bson/iso-date.ts';

const date = '(\\d{4}|[+-]\\d{6,})-(\\d{2})-(\\d{2})';
const time = '(\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d+))?)?';
const zone = '(?:([Zz])|([+-])(\\d{2})(?::?(\\d{2}))?)?';
const pattern = new RegExp(`^${date}(?:[Tt ]${time}${zone})?$`);

/** Beyond this year no instant is in PostgreSQL's range; also bounds the arithmetic. */
const yearMax = 1_000_000;
const minuteMs = 60_000;

export function millisecondsOfText(text: string): bigint | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const number = (group: number) => Number(match[group] ?? 0);
  const [year, month, day] = [number(1), number(2), number(3)];
  if (Math.abs(year) > yearMax || match[1]?.startsWith('-000000')) return null;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const [hour, minute, second] = [number(4), number(5), number(6)];
  const thousandths = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const timeMs = (hour * 60 + minute) * minuteMs + second * 1000 + thousandths;
  // 24:00 is the end of the day; nothing of it may be later.
  if (minute > 59 || second > 59 || timeMs > 24 * 60 * minuteMs) return null;
  const [zoneHours, zoneMinutes] = [number(10), number(11)];
  if (zoneHours > 23 || zoneMinutes > 59) return null;
  const zoneMs = (zoneHours * 60 + zoneMinutes) * minuteMs;
  return millisecondsOf(year, month, day, match[9] === '-' ? timeMs + zoneMs : timeMs - zoneMs);
}
