/** ISO 8601 text of a BSON date, for all of its 64 bits: JavaScript's Date ends in the year 275760. */

const dayMs = 86_400_000n;

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`; a year outside 0000..9999 has a sign and at least six digits (ISO 8601, expanded). */
export function isoDate(milliseconds: bigint): string {
  let day = milliseconds / dayMs;
  if (milliseconds % dayMs < 0n) day -= 1n;
  const time = Number(milliseconds - day * dayMs);
  return `${isoDay(Number(day))}T${new Date(time).toISOString().slice(11)}`;
}

/** The same without the fraction where it is zero, as relaxed Extended JSON writes it. */
export function isoDateShort(milliseconds: bigint): string {
  const text = isoDate(milliseconds);
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

/** The civil date of a day counted from 1970-01-01, by Howard Hinnant's `civil_from_days` (chrono-compatible date algorithms). */
function isoDay(day: number): string {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${isoYear(year)}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
}

function isoYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

/** Milliseconds since 1970 of a civil date and a time of day, by `days_from_civil` of the same algorithms. Any year that a double counts exactly. */
export function millisecondsOf(year: number, month: number, day: number, timeMs: number): bigint {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  const days = era * 146_097 + dayOfEra - 719_468;
  return BigInt(days) * dayMs + BigInt(timeMs);
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
