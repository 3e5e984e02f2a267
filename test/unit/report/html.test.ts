import * as assert from 'uvu/assert';
import { adviceFor } from '../../../src/findings/advice.ts';
import { reportPage } from '../../../src/report/html.ts';
import { html } from '../../../src/report/markup.ts';
import { suite } from '../../support/suite.ts';
import { balance, clean, samples, withFindings } from './samples.ts';

const test = suite('report/html');
const [finding] = withFindings.findings;
if (finding === undefined) throw new Error('the sample has findings');

test('values are escaped, markup of ours is not', () => {
  assert.is(
    html`<b title="${'"'}">${'<&>'}</b>${html`<i>${1}</i>`}${null}${['a', html`<br>`]}`.text,
    '<b title="&#34;">&#60;&#38;&#62;</b><i>1</i>a<br>',
  );
});

for (const [name, report] of Object.entries(samples)) {
  test(`the page of a report that is "${name}" is whole, and makes no request`, () => {
    const page = reportPage(report);
    assert.match(page, /^<!doctype html>\n<html lang="en">/);
    assert.match(page, /<\/html>\n$/);
    assert.not.match(page, /<(script|link|img|iframe|object|embed|form|base)\b|url\(|@import|https?:|\bon[a-z]+=|javascript:/i);
    assert.not.match(page, /undefined|NaN|\[object|Infinity/);
    assert.match(page, /default-src 'none'/);
    for (const tag of ['section', 'div', 'table', 'tr', 'td', 'details', 'span', 'p', 'pre', 'dl']) {
      const opened = page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;
      assert.is(page.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0, opened, `<${tag}> is closed as often as opened`);
    }
  });
}

test('it says where each kind of value is in NextCRM, what has no place there, and what people need to sign in', () => {
  const page = reportPage(clean);
  for (const text of ['>First sign-in</h2>', 'id-1, id-2', '>In NextCRM</h2>', 'Statuses of leads', 'Without a place in NextCRM'])
    assert.ok(page.includes(text), text);
  assert.match(page, 'The copy contains secrets in clear text');
  assert.match(page, 'run the same command again, before anybody signs in');
  assert.not.match(page, 'GPT models');
  const { nextcrm } = clean;
  if (nextcrm === null) throw new Error('the sample has this section');
  const restored = reportPage({ ...clean, nextcrm: { ...nextcrm, state: 'upgraded', restored: true } });
  assert.match(restored, 'is restored, and checked');
  assert.not.match(restored, 'Start the newest release of NextCRM once');
});

test('the verdict stands before everything else, and required actions before the numbers', () => {
  const page = reportPage(withFindings);
  const places = ['class="verdict attention"', 'Action required', 'documents read', '<h2>Collections'].map((text) =>
    page.indexOf(text),
  );
  assert.ok(places.every((place) => place > 0));
  assert.equal(
    places,
    places.toSorted((a, b) => a - b),
  );
});

test('each finding has its next step and its query', () => {
  const page = reportPage(withFindings);
  assert.match(page, /<b>Next:<\/b> Decide which document is correct/);
  assert.match(page, /from nextcrm_migration\.reject where collection = &#39;Users&#39; and code = &#39;DUPLICATE_KEY&#39;/);
  assert.match(page, /accept 20260131-094500-77aa/);
});

test('the places of one code are one table, with one block of queries and one of corrections', () => {
  const findings = ['email', 'name'].map((field) => ({ ...finding, field, code: 'MISSING_REQUIRED' }));
  const page = reportPage({ ...withFindings, findings });
  assert.is(page.match(/class="card finding"/g)?.length, 1);
  assert.is(page.match(/aria-label="Places of MISSING_REQUIRED"/g)?.length, 1);
  assert.match(page, /-- Users · email\nselect source_id[^<]*\n-- Users · name\nselect source_id/);
  assert.match(page, /\/\/ Users · email\ndb\.getCollection[^<]*\n\/\/ Users · name\ndb\.getCollection/);
});

test('on the first screen is what to do, with a way to each finding, and where everything is', () => {
  const page = reportPage(withFindings);
  const first = page.slice(page.indexOf('<div class="overview">'), page.indexOf('Action required'));
  for (const [, id = ''] of first.matchAll(/href="#([\w-]+)"/g)) assert.is(page.split(`id="${id}"`).length, 2, id);
  assert.match(first, /href="#finding-1">DUPLICATE_KEY<\/a> \(2\)/);
  assert.match(first, '9 rejected documents');
  assert.match(first, 'nextcrm_migration.reject');
  assert.match(first, 'no longer used');
  assert.match(reportPage(clean), '<h2>Next steps</h2>');
  // Its schema may be dropped while it still starts in front of NextCRM.
  assert.match(reportPage(clean), 'does nothing there as long as its volume exists');
  for (const name of ['running', 'failed', 'empty'])
    assert.not.match(reportPage(samples[name] ?? clean), 'class="overview"', name);
});

test('the first screen names places in NextCRM, several kinds of one place in one line, and no more than fit', () => {
  const { nextcrm } = clean;
  if (nextcrm === null) throw new Error('the sample has this section');
  const kind = (what: string, where: string) => ({ what, where, home: true, count: 12, query: 'select 1;', secrets: false });
  const kinds = [kind('Accounts', 'CRM'), kind('Contacts', 'CRM'), ...['a', 'b', 'c', 'd', 'e'].map((name) => kind(name, name))];
  const page = reportPage({ ...clean, nextcrm: { ...nextcrm, kinds } });
  const first = page.slice(page.indexOf('Where everything is'), page.indexOf('id="first-sign-in"'));
  assert.match(first, '<dt>Accounts (12), Contacts (12)</dt><dd>CRM</dd>');
  assert.match(first, '<dt>2 more kinds of value</dt>');
});

test('a report is accepted in each way in which the program is started', () => {
  const page = reportPage(withFindings);
  const of = `run --rm migrate accept ${withFindings.id}`;
  assert.ok(page.includes(`docker compose -f docker-compose.migrate.yml ${of}`));
  assert.ok(page.includes(`docker compose ${of}`));
  assert.ok(page.includes(`scripts/migrate accept ${withFindings.id}`));
});

test('the notes of one code are one row: its sentence once, each place with its query', () => {
  const { what, effect } = adviceFor('UNMAPPED_FIELD');
  const note = (place: string, query: string) => ({
    code: 'UNMAPPED_FIELD',
    what: `${place}: ${what} ${effect} ${query}`,
  });
  const notes = [
    note('Tasks: a (1)', 'select 1;'),
    note('Users: b (2)', 'select 2;'),
    { code: 'UNMAPPED_FIELD', what: 'Other words' },
  ];
  const page = reportPage({ ...clean, notes });
  assert.is(page.split('>UNMAPPED_FIELD</code>').length, 2);
  assert.is(page.split(html`${what}`.text).length, 2);
  for (const text of ['Tasks: a (1)</span> <code>select 1;', 'Users: b (2)</span> <code>select 2;', 'Other words'])
    assert.ok(page.includes(text), text);
});

test('in the page of a running migration, which reloads itself, everything is open', () => {
  const findings = Array.from({ length: 5 }, (_, n) => ({ ...finding, field: `field_${n}` }));
  assert.match(reportPage({ ...withFindings, findings }), /<details>/);
  const running = reportPage({ ...withFindings, findings, state: 'running' });
  assert.match(running, /<details open>/);
  assert.not.match(running, /<details>/);
});

test('a clean report asks for nothing', () => {
  const page = reportPage(clean);
  assert.not.match(page, /Action required|>accept /);
  assert.match(page, /class="verdict good"/);
});

test('names and ids of the source are text, whatever they hold', () => {
  const hostile = `<img src=x onerror=alert(1)>'"\`</style></script>&amp;\u0000\u001b[31m\u202e`;
  const page = reportPage({
    ...withFindings,
    source: hostile,
    target: hostile,
    versions: { [hostile]: hostile },
    step: hostile,
    steps: [{ name: 'load', title: hostile, state: 'done', seconds: 1 }],
    collections: {
      [hostile]: balance(5, { changes: { [hostile]: 1 }, rejects: { [hostile]: 1 } }),
      other: balance(1),
      unknown: balance(3, { known: false }),
    },
    junctions: { [hostile]: { pairs: 1, dangling: 1 } },
    missingCollections: [hostile],
    notCopied: [hostile],
    findings: [
      {
        ...finding,
        code: hostile,
        collection: hostile,
        field: hostile,
        what: hostile,
        next: hostile,
        sourceIds: [hostile, 'x'.repeat(10_000)],
      },
    ],
    failure: { code: hostile, what: hostile, next: hostile },
    notes: [{ code: hostile, what: hostile }],
  });
  assert.not.match(page, /<img|<\/script|alert\(1\)>'/);
  assert.is(page.match(/<\/style>/g)?.length, 1);
  assert.not.match(page, /[^\P{Cc}\n]|\u202e/u);
  assert.ok(page.length < 60_000, 'a long id is cut');
});

test('very many findings do not make an endless page', () => {
  const findings = Array.from({ length: 5_000 }, (_, index) => ({ ...finding, field: `field ${index}` }));
  const page = reportPage({ ...withFindings, findings });
  assert.match(page, /And 4,900 more findings: see report\.json/);
});

test('the bars are rendered against the longest one, and small collections are put together', () => {
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index}`, balance((index + 1) * 10)]));
  const page = reportPage({ ...clean, collections: many });
  assert.match(page, /8 others/);
  const widths = [...page.matchAll(/width:([\d.]+)%/g)].map(([, width]) => Number(width));
  assert.ok(widths.length > 0 && widths.every((width) => width >= 0 && width <= 100));
  assert.is(Math.max(...widths), 100);
});

test.run();
