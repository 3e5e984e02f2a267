/** What numbers the columns of later releases take. */
export const ranges = {
  /** DECIMAL(18,2) has sixteen digits before its point. */
  decimal18: { min: '-9999999999999999', max: '9999999999999999' },
  integer: { min: '-2147483648', max: '2147483647' },
} as const;
