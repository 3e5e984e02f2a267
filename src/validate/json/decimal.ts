/** One spelling for each decimal number, so that numbers compare exactly whatever their notation. */

const notation = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** `1.50`, `15e-1` and `0.15E1` all become `15e-1`; zero is `0` whatever its sign; null where `text` is no number. */
export function decimalForm(text: string): string | null {
  const match = notation.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length)}`;
}
