/** Values that no column can have are told by field and number, whichever rule stands for them; what was missing is not among them. */
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { groundOf } from '../../support/ground.ts';
import { suite } from '../../support/suite.ts';

const test = suite('lost values');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));

test('what is neither yes nor no, no amount, no id and no date is a note with its number', async () => {
  await using at = await groundOf();
  const contact = (n: number, fields: object) => ({ _id: id(n), __v: 0, last_name: 'l', ...fields });
  const ended = await at.run({
    Users: [{ _id: id(1), email: 'a@example.com' }],
    crm_Contacts: [
      ...['maybe', 'nein', ['yes'], new Date(0)].map((status, index) => contact(0x10 + index, { status })),
      ...['No', ' FALSE\n', 0, '', ' \t\n', [], null, undefined].map((status, index) => contact(0x20 + index, { status })),
      contact(0x30, { status: true, assigned_to: 'nobody', birthday: 5 }),
    ],
    crm_Opportunities: [
      { _id: id(0x40), __v: 0, budget: '10.000,-', expected_revenue: '' },
      { _id: id(0x41), __v: 0, budget: 'ten', expected_revenue: 7, close_date: 'soon' },
    ],
    crm_Accounts: [{ _id: id(0x50), __v: 0, name: 'n', watchers: [id(1)], tags: 'x' }],
    Boards: [{ _id: id(0x60), __v: 0, title: 't', description: 'd', user: id(1), sharedWith: [id(1), {}, 7] }],
  });
  assert.is(ended.exit, 0, ended.output);
  const { notes } = await at.place.report();
  assert.equal(
    notes.filter(({ code }) => code === 'VALUE_LOST').map(({ what }) => what.split(':')[0]),
    [
      'Boards.sharedWith (2 values)',
      'crm_Contacts.assigned_to (1 value)',
      'crm_Contacts.status (4 values)',
      'crm_Opportunities.budget (2 values)',
      'crm_Opportunities.close_date (1 value)',
    ],
  );
  assert.match(ended.output, /VALUE_LOST \(5\)/);
  assert.not.match(JSON.stringify(notes), /maybe|nein|soon/);
});

test('a number whose point may stand between thousands is a note with its number and the query that lists it', async () => {
  await using at = await groundOf();
  const amounts = ['10.000', '1.234', '-999.999', '\u00a0100.500\n', '+7.000 '];
  const others = ['0.500', '1000.000', '1.00', '1.2345', '10', '10.000e3', '1 000.500', '.500', '1.000.000', '10,000', 10.5, ''];
  const ended = await at.run({
    crm_Opportunities: [...amounts, ...others].map((budget, n) => ({ _id: id(n + 1), __v: 0, budget, expected_revenue: '500' })),
    crm_Contracts: [{ _id: id(1), __v: 0, title: 't', value: '12.000' }],
  });
  assert.is(ended.exit, 0, ended.output);
  const { notes } = await at.place.report();
  const found = notes.filter(({ code }) => code === 'NUMBER_AMBIGUOUS').map(({ what }) => what);
  assert.equal(
    found.map((what) => what.split(':')[0]),
    ['crm_Contracts.value (1 value)', 'crm_Opportunities.budget (5 values)'],
  );
  const query = /select source_id.*;$/.exec(found[1] ?? '')?.[0] ?? '';
  const rows = await at.session.query<{ original: string }>(query);
  assert.equal(
    rows.map(({ original }) => JSON.parse(original) as unknown),
    amounts,
  );
  assert.equal(await at.counts(`select budget as n from public."crm_Opportunities" order by id limit 5`), [
    '10',
    '1',
    '-1000',
    '100',
    '7',
  ]);
});

test.run();
