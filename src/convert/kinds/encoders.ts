/** Which encoder each kind of column has. */
import type { Kind } from '../../catalog/spec.ts';
import type { Encoder } from '../column.ts';
import { encodeTextArray, encodeUuidArray } from './array.ts';
import { encodeBoolean } from './boolean.ts';
import { encodeBigint, encodeInteger } from './integer.ts';
import { encodeJsonb } from './jsonb.ts';
import { encodeEnum, encodeText } from './text.ts';
import { encodeTimestamp } from './timestamp.ts';
import { encodeUuid } from './uuid.ts';

export const encoders: { readonly [K in Kind]: Encoder } = {
  uuid: encodeUuid,
  text: encodeText,
  integer: encodeInteger,
  bigint: encodeBigint,
  boolean: encodeBoolean,
  timestamp: encodeTimestamp,
  enum: encodeEnum,
  jsonb: encodeJsonb,
  'text[]': encodeTextArray,
  'uuid[]': encodeUuidArray,
};
