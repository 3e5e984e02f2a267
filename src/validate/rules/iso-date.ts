/** Dates as ISO 8601 text and back, for every date that BSON can hold: JavaScript's own end in the year 275760. */

const dayMs = 86_400_000n;
/** The Gregorian calendar repeats itself after this: a date far away is read as one near by, some cycles further. */
const cycleYears = 400;
const cycleMs = 146_097n * dayMs;

export function isoDate(ms: bigint): string {
  const cycles = floorDivide(ms, cycleMs);
  const near = new Date(Number(ms - cycles * cycleMs));
  const year = BigInt(near.getUTCFullYear()) + cycles * BigInt(cycleYears);
  return `${isoYear(year)}${near.toISOString().slice(4)}`;
}

function isoYear(year: bigint): string {
  if (year >= 0n && year <= 9999n) return String(year).padStart(4, '0');
  return `${year < 0n ? '-' : '+'}${String(year < 0n ? -year : year).padStart(6, '0')}`;
}

/** PostgreSQL ends in 294276. */
const yearMax = 1_000_000;

const isoPattern =
  /^([+-]\d{6,}|\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:(Z)|([+-])(\d{2})(?::?(\d{2}))?)?)?$/i;

/** Milliseconds since 1970, null for what is no date in ISO 8601. Without a zone it is UTC; what is finer than milliseconds is cut off. */
export function parseIsoDate(text: string): bigint | null {
  const match = isoPattern.exec(text);
  if (match === null) return null;
  const [
    ,
    yearText = '',
    monthText,
    dayText,
    hourText = '0',
    minuteText = '0',
    secondText = '0',
    fraction = '',
    ,
    sign,
    zoneHour,
    zoneMinute,
  ] = match;
  const year = Number(yearText);
  const [month, day, hour, minute, second] = [monthText, dayText, hourText, minuteText, secondText].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (
    yearText.startsWith('-000000') ||
    Math.abs(year) > yearMax ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysIn(year, month)
  )
    return null;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && (minute > 0 || second > 0 || milliseconds > 0))) return null;
  const [offsetHours, offsetMinutes] = [Number(zoneHour ?? 0), Number(zoneMinute ?? 0)];
  if (offsetHours > 23 || offsetMinutes > 59) return null;
  const cycles = Math.floor(year / cycleYears);
  // A year of the first cycle after 2000 stands for its likes; Date.UTC takes years below 100 as 19xx.
  const near = Date.UTC(2000 + (year - cycles * cycleYears), month - 1, day, hour, minute, second, milliseconds);
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000 * (sign === '-' ? -1 : 1);
  return BigInt(near - offsetMs) + BigInt(cycles - 5) * cycleMs;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (((year % cycleYears) + cycleYears) % cycleYears), month, 0)).getUTCDate();
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
