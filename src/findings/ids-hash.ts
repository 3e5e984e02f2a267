/**
 * The order-free hash of all source ids of a finding, of which it names only the first: the sum of the first 64 bits of each id's
 * SHA-256, modulo 2^64. An id that is found twice counts twice. Two parts of one finding add up.
 */
import { hash } from 'node:crypto';

/** 16 hex digits. */
export type IdsHash = string;

export const idBits = (sourceId: string): bigint => hash('sha256', sourceId, 'buffer').readBigInt64BE(0);

export function idsHash(sourceIds: Iterable<string>): IdsHash {
  let sum = 0n;
  for (const id of sourceIds) sum += idBits(id);
  return idsHashOf(sum);
}

/** Of a sum, as `idBits` adds up or as the server writes it. */
export function idsHashOf(sum: bigint | string): IdsHash {
  return BigInt.asUintN(64, BigInt(sum)).toString(16).padStart(16, '0');
}

export function addedUp(hashes: Iterable<IdsHash>): IdsHash {
  let sum = 0n;
  for (const one of hashes) sum += BigInt(`0x${one}`);
  return idsHashOf(sum);
}

/** The same sum in SQL, over a group of rows. */
export function idsHashSum(sourceId: string): string {
  return `sum(('x' || left(encode(sha256(convert_to(${sourceId}, 'UTF8')), 'hex'), 16))::bit(64)::bigint::numeric)::text`;
}
