/** A free text that becomes a key to `Currency`: what has no row there is emptied, and an amount without a currency is taken as it is. */
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';
import { archived, change, companyCode, companyCrown, currencyCode, hasColumn, isArchived, modified, setting } from '../sql.ts';
import type { Subject } from '../subject.ts';

/** Rows that the release makes, as it makes them: the first is the default. */
const ownCodes = ['EUR', 'USD', 'CZK'];
const symbolLengthMax = 5;

/** Longer than any code, symbol or name: nothing to normalize. */
const typedBytesMax = 256;

const copy = archived('crm_Opportunities');
const isCode = (text: string) => `${text} ~ '^[A-Z]{3}$'`;
const own = ownCodes.map(literal).join(', ');

/** The release takes the first three characters of what was typed, and keeps them where it knows such a currency. */
const cut = (text: string) => `left(btrim(${text}, ' '), 3)`;
const isKept = `(${cut('currency')} in (${own}) or exists (select from public."Currency" k where k.code = ${cut('currency')}))`;

/** Rows for the codes that occur, with the names and symbols of CLDR. */
async function makeCurrencies(session: Session): Promise<void> {
  const codes = await session.query<{ code: string }>(
    `select code from (
       select distinct currency as code from public."crm_Opportunities" where ${isCode('currency')}
       union select ${companyCode}) c
     where code is not null and not exists (select from public."Currency" k where k.code = c.code) order by code`,
  );
  if (codes.length === 0) return;
  const rows = codes.map(({ code }) => ({ code, name: nameOf(code), symbol: symbolOf(code), isDefault: code === ownCodes[0] }));
  await session.execute(
    `insert into public."Currency" (code, name, symbol, "isDefault", "updatedAt")
     select code, name, symbol, "isDefault", now() from jsonb_to_recordset($1::text::jsonb)
       as r (code text, name text, symbol text, "isDefault" boolean) on conflict do nothing`,
    [JSON.stringify(rows)],
  );
}

const names = new Intl.DisplayNames(['en'], { type: 'currency', fallback: 'code' });

const nameOf = (code: string): string => names.of(code) ?? code;

function symbolOf(code: string): string {
  const parts = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: code,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(0);
  const symbol = parts.find(({ type }) => type === 'currency')?.value ?? code;
  return symbol.length <= symbolLengthMax ? symbol : code;
}

export const currencies: Subject = {
  name: 'currencies',
  places: [
    { table: 'crm_Opportunities', columns: ['currency'] },
    { table: 'Currency', columns: 'all' },
  ],
  archives: [{ table: 'crm_Opportunities', key: ['id'], columns: ['currency'] }],
  applied: hasColumn('crm_Opportunities', 'snapshot_rate'),
  prepare: [
    change(
      `typed as (
        select distinct currency as value from public."crm_Opportunities"
        where currency is not null and not (${isCode('currency')}) and octet_length(currency) <= ${typedBytesMax}),
      crown as materialized (select ${companyCrown} as code),
      meant as materialized (select value, ${currencyCode('value', '(select code from crown)')} as code from typed),
      ${setting({
        table: 'crm_Opportunities',
        column: 'currency',
        value: 'meant.code',
        from: 'meant',
        where: 'meant.value = t.currency and meant.code is not null',
      })}`,
      { code: 'CURRENCY_NORMALIZED' },
    ),
  ],
  prepareRows: makeCurrencies,
  prepared: [
    {
      table: 'crm_Opportunities',
      column: 'currency',
      wrong: `select min(o.id::text) as row_id from public."crm_Opportunities" o left join public."Currency" k on k.code = o.currency
        where o.currency ~ '^[A-Z][A-Z][A-Z]$' and (k.code is null or k.name = '' or k.symbol = '') group by o.currency`,
    },
    {
      table: 'crm_Opportunities',
      column: 'currency',
      // A crown is the company's where the company has one, else it is as typed.
      wrong: `select o.id::text as row_id
        from public."crm_Opportunities" o
        left join ${stateSchema}.id_map m on m.collection = 'crm_Opportunities' and m.id = o.id
        left join ${stateSchema}.change c on c.collection = m.collection and c.source_id = m.source_id and c.field = 'currency'
          and c.code = 'CURRENCY_NORMALIZED' and btrim(lower(c.original), '" .') = 'kr',
        (select upper(btrim((select a.currency from public."MyAccount" a
          order by substr(a.id::text, 15, 1) <> '8', a.id limit 1))) as code) company
        where case when company.code in ('DKK', 'NOK', 'SEK', 'ISK')
          then btrim(lower(o.currency), ' .') = 'kr' or (c.code is not null and o.currency <> company.code)
          else c.code is not null end`,
    },
  ],
  proofs: [
    {
      table: 'crm_Opportunities',
      column: 'currency',
      // A currency that somebody has added since was unknown to the release.
      wrong: `select t.id::text as row_id, ${modified('t', 'updatedAt')}
          or coalesce(not (${isCode('a.currency')}) and k.code not in (${own}) and k."createdAt" > $since, false) as modified
        from ${copy} a join public."crm_Opportunities" t on t.id = a.id
        left join public."Currency" k on k.code = ${cut('a.currency')}
        where t.currency is distinct from k.code`,
      compared: `select count(*) as n from ${copy} where currency is not null`,
      when: isArchived('crm_Opportunities'),
    },
  ],
  reported: [
    {
      what: 'Currencies of opportunities',
      where: 'in the opportunity; all of them under Administration, Currencies',
      home: true,
      count: `select count(*) as n from ${copy} where ${isKept}`,
      query: `select ${cut('currency')} as currency, count(*) from ${copy} where ${isKept} group by 1 order by 2 desc;`,
      when: isArchived('crm_Opportunities'),
    },
    {
      what: 'Currencies of opportunities that do not begin with a known code of three capital letters',
      where: 'emptied there: NextCRM cannot show such a currency',
      home: false,
      count: `select count(*) as n from ${copy} where not ${isKept}`,
      query: `select id, currency from ${copy} where not ${isKept};`,
      when: isArchived('crm_Opportunities'),
    },
  ],
  advice: [
    {
      section: 'look at',
      text: 'Currencies: {n} were added for your opportunities. Enter their exchange rates under Administration, Currencies: without a rate an amount is counted 1:1.',
      count: `select count(*) as n from public.${quoted('Currency')} where code not in (${own})`,
    },
  ],
};
