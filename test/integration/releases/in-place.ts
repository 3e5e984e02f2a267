/** What is made of the values of `dirty.ts` in NextCRM's newest release. */
import * as assert from 'uvu/assert';
import { typedCurrencies, uuid } from './dirty.ts';
import { ask } from './upgraded.ts';

export async function assertValuesInPlace(url: string): Promise<void> {
  const [seven] = await ask(url, `select least('Type 7', 'TYPE 7') as name`);
  assert.equal(
    await ask(
      url,
      `select s.name as status, t.name as type, o.name as source from "crm_Leads" l left join "crm_Lead_Statuses" s on s.id = l.lead_status_id
       left join "crm_Lead_Types" t on t.id = l.lead_type_id left join "crm_Lead_Sources" o on o.id = l.lead_source_id
       where l.id in ('${uuid(0x1100)}', '${uuid(0x1101)}', '${uuid(0x1102)}', '${uuid(0x1103)}') order by l.id`,
    ),
    [
      { status: 'IN_PROGRESS', type: seven?.['name'], source: 'Fair ' },
      { status: 'COMPLETED', type: 'Demo', source: null },
      { status: null, type: null, source: 'Web' },
      { status: 'Lost', type: 'žluť', source: null },
    ],
  );
  assert.equal(
    (await ask(url, `select currency from "crm_Opportunities" where id < '${uuid(0x480)}' order by id`)).map(
      ({ currency }) => currency,
    ),
    typedCurrencies.map(([, code]) => code),
  );
  assert.equal(
    await ask(url, `select budget::text, expected_revenue::text from "crm_Opportunities" where id = '${uuid(0x480)}'`),
    [{ budget: '9999999999999999.00', expected_revenue: '-9999999999999999.00' }],
  );
}
