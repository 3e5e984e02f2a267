/** Symbols and common names of currencies, in lower case, and their codes (ISO 4217): what people typed into a free text field. */
export const currencyNames: Readonly<Record<string, string>> = {
  kč: 'CZK',
  kc: 'CZK',
  'kč.': 'CZK',
  koruna: 'CZK',
  '€': 'EUR',
  euro: 'EUR',
  euros: 'EUR',
  '£': 'GBP',
  pound: 'GBP',
  pounds: 'GBP',
  zł: 'PLN',
  zl: 'PLN',
  złoty: 'PLN',
  zloty: 'PLN',
  ft: 'HUF',
  forint: 'HUF',
  '₴': 'UAH',
  грн: 'UAH',
  'грн.': 'UAH',
  hryvnia: 'UAH',
  $: 'USD',
  us$: 'USD',
  dollar: 'USD',
  dollars: 'USD',
  'us dollar': 'USD',
  c$: 'CAD',
  ca$: 'CAD',
  a$: 'AUD',
  au$: 'AUD',
  r$: 'BRL',
  '¥': 'JPY',
  yen: 'JPY',
  '₹': 'INR',
  '₺': 'TRY',
  '₽': 'RUB',
  '₩': 'KRW',
  '₪': 'ILS',
  '₫': 'VND',
  '฿': 'THB',
  'fr.': 'CHF',
  'sfr.': 'CHF',
  lei: 'RON',
  лв: 'BGN',
  'лв.': 'BGN',
};

/** The crown of four countries: which one, the company's currency says. */
export const crown = { names: ['kr', 'kr.'], codes: ['DKK', 'NOK', 'SEK', 'ISK'] } as const;

/** Blanks around a text, and what a text of nothing but blanks consists of: Unicode's White_Space and the byte order mark. */
export const blanks =
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
