/** BSON's four kinds of numbers as exact decimals: doubles expanded, Decimal128 decoded (IEEE 754-2008, binary integer decimal). */
import { Bug } from '../failure.ts';
import { float64At, float64Bits, int32At, int64At } from './bytes.ts';
import { elementType } from './element-type.ts';

/** `coefficient × 10^exponent`, with a sign of its own since Decimal128 has -0. */
export interface Finite {
  readonly kind: 'finite';
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}

export type ExactNumber = Finite | { readonly kind: 'NaN' } | { readonly kind: 'infinite'; readonly negative: boolean };

/** Exactly the number that stands at `offset`. */
export function exactNumberAt(bytes: Uint8Array, type: number, offset: number): ExactNumber {
  switch (type) {
    case elementType.int32:
      return exactInteger(BigInt(int32At(bytes, offset)));
    case elementType.int64:
      return exactInteger(int64At(bytes, offset));
    case elementType.double:
      return exactDouble(float64At(bytes, offset));
    case elementType.decimal128:
      return decimal128At(bytes, offset);
    default:
      throw new Bug(`the BSON type ${type} is not a number`);
  }
}

function exactInteger(value: bigint): Finite {
  return { kind: 'finite', negative: value < 0n, coefficient: value < 0n ? -value : value, exponent: 0 };
}

const mantissaBits = 52n;
const mantissaMask = (1n << mantissaBits) - 1n;

function exactDouble(value: number): ExactNumber {
  if (Number.isNaN(value)) return { kind: 'NaN' };
  const bits = float64Bits(value);
  const negative = bits >> 63n === 1n;
  if (!Number.isFinite(value)) return { kind: 'infinite', negative };
  const biased = Number((bits >> mantissaBits) & 0x7ffn);
  const mantissa = biased === 0 ? bits & mantissaMask : (bits & mantissaMask) | (1n << mantissaBits);
  const power = (biased === 0 ? 1 : biased) - 1075;
  // m × 2^-k = m × 5^k × 10^-k.
  return power >= 0
    ? { kind: 'finite', negative, coefficient: mantissa << BigInt(power), exponent: 0 }
    : { kind: 'finite', negative, coefficient: mantissa * 5n ** BigInt(-power), exponent: power };
}

/** A coefficient above this is not canonical and means zero (Decimal128 specification of BSON). */
const coefficientMax = 10n ** 34n - 1n;
const exponentBias = 6176;

function decimal128At(bytes: Uint8Array, offset: number): ExactNumber {
  const low = BigInt.asUintN(64, int64At(bytes, offset));
  const high = BigInt.asUintN(64, int64At(bytes, offset + 8));
  const negative = high >> 63n === 1n;
  const combination = Number((high >> 58n) & 0x1fn);
  if (combination === 0x1f) return { kind: 'NaN' };
  if (combination === 0x1e) return { kind: 'infinite', negative };
  // With both first bits set the coefficient would exceed its maximum: zero, with the exponent two bits further on.
  const large = combination >> 3 === 3;
  const exponent = Number((high >> (large ? 47n : 49n)) & 0x3fffn) - exponentBias;
  const coefficient = large ? 0n : ((high & ((1n << 49n) - 1n)) << 64n) | low;
  return { kind: 'finite', negative, coefficient: coefficient > coefficientMax ? 0n : coefficient, exponent };
}

/** A Decimal128 as text: "To Scientific String" of the General Decimal Arithmetic specification, as BSON's asks for. */
export function decimal128Text(bytes: Uint8Array, offset: number): string {
  const value = decimal128At(bytes, offset);
  if (value.kind === 'NaN') return 'NaN';
  const sign = value.negative ? '-' : '';
  if (value.kind === 'infinite') return `${sign}Infinity`;
  const digits = value.coefficient.toString();
  const scientific = value.exponent + digits.length - 1;
  if (value.exponent > 0 || scientific < -6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits.charAt(0)}${fraction}E${scientific < 0 ? '' : '+'}${scientific}`;
  }
  if (value.exponent === 0) return sign + digits;
  const padded = digits.padStart(1 - value.exponent, '0');
  return `${sign}${padded.slice(0, value.exponent)}.${padded.slice(value.exponent)}`;
}
