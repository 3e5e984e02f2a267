/** The page of a report in a real browser: each state, made by the real program, on a desk, on a telephone, in the dark and on paper. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import * as assert from 'uvu/assert';
import { reportPage } from '../../../src/report/html.ts';
import { chromiumUnavailable, openBrowser, type View, type Visit, visited } from '../../support/browser.ts';
import { suite } from '../../support/suite.ts';
import { accessibilityFaults, background, faintTexts, focusShown, foldedAway, widerThanTheScreen } from './page-probes.ts';
import { canary, hostile, makers, type State, type StateName, stateNames } from './states.ts';

const test = suite('the page of a report');
const unavailable = await chromiumUnavailable();
const inBrowser = test.unless(unavailable);

const desk: View = { width: 1280, height: 800, scheme: 'light' };
const telephone: View = { width: 390, height: 844, scheme: 'light' };
const night: View = { ...desk, scheme: 'dark' };

let folder: string;
let browser: Browser;
const states = new Map<StateName, State>();

if (unavailable === null) {
  test.before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nextcrm-pages-'));
    for (const name of stateNames) states.set(name, await makers[name](join(folder, name)));
    // Last: it would keep the process of a before() that failed.
    browser = await openBrowser();
  });
  test.after(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
}

function stateOf(name: StateName): State {
  const state = states.get(name);
  if (state === undefined) throw new Error(`the state "${name}" was not made`);
  return state;
}

const on = <T>(name: StateName, view: View, work: (visit: Visit, state: State) => Promise<T>): Promise<T> =>
  visited(browser, stateOf(name).page, view, (visit) => work(visit, stateOf(name)));

const expected = {
  clean: { state: 'finished', verdict: 'success', exitCode: 0, headline: 'Completed' },
  findings: { state: 'finished', verdict: 'findings', exitCode: 1, headline: /^Completed with \d+ findings$/ },
  running: { state: 'running', verdict: null, exitCode: null, headline: 'The migration is running' },
  failed: { state: 'failed', verdict: null, exitCode: 4, headline: 'The migration stopped' },
} as const satisfies Record<StateName, unknown>;

for (const name of stateNames) {
  const { headline, ...outline } = expected[name];

  inBrowser(`${name}: the verdict is what is seen first, in one sentence, with the time of writing`, () =>
    on(name, desk, async ({ page }, { report }) => {
      const { state, verdict, exitCode } = report;
      assert.equal({ state, verdict, exitCode }, outline);
      const title = page.locator('main > :first-child h1');
      const words = await title.innerText();
      if (headline instanceof RegExp) assert.match(words, headline);
      else assert.is(words, headline);
      const box = await title.boundingBox();
      assert.ok(box !== null && box.y < 120, 'it stands at the top');
      const verdictText = await page.locator('.verdict').innerText();
      assert.match(verdictText, /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
      assert.match(verdictText, report.id);
    }),
  );

  inBrowser(`${name}: the page complains of nothing, asks for nothing and runs nothing`, () =>
    on(name, desk, async ({ page, complaints, requests }, { page: file }) => {
      assert.equal(complaints, []);
      assert.equal([...new Set(requests)], [pathToFileURL(file).href]);
      assert.is(await page.locator('script, img, iframe, object, embed, link, form, [onerror], [onclick]').count(), 0);
      assert.match(await page.title(), /NextCRM: MongoDB to PostgreSQL$/);
    }),
  );

  for (const [where, view] of Object.entries({ 'on a desk': desk, 'on a telephone': telephone })) {
    inBrowser(`${name}: nothing is wider than the screen ${where}`, () =>
      on(name, view, async ({ page }) => assert.equal(await widerThanTheScreen(page), [])),
    );
  }

  for (const view of [desk, night]) {
    inBrowser(`${name}: every text can be read against its background, ${view.scheme}`, () =>
      on(name, view, async ({ page }) => {
        const { seen, faint } = await faintTexts(page);
        assert.ok(seen > 20, `${seen} texts`);
        assert.equal(faint, []);
      }),
    );
  }

  inBrowser(`${name}: on paper all is there, on white`, () =>
    on(name, night, async ({ page }) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      assert.is(await background(page), 'rgb(255, 255, 255)');
      const { faint } = await faintTexts(page);
      assert.equal(faint, []);
      assert.equal(await foldedAway(page), [], 'what is folded away on the screen is open on paper');
      const pdf = await page.pdf({ format: 'A4' });
      assert.is(pdf.subarray(0, 5).toString(), '%PDF-');
    }),
  );

  inBrowser(`${name}: no value of a document stands in the page, the text, the JSON or on the terminal`, async () => {
    const { report, text, output, page } = stateOf(name);
    const shown = await visited(browser, page, desk, (visit) => visit.page.content());
    for (const reported of [shown, text, JSON.stringify(report), output]) assert.not.match(reported, canary);
  });
}

inBrowser('names and ids that try to be markup are shown as they are', () =>
  on('findings', desk, async ({ page }) => {
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '');
    });
    assert.ok((await page.locator('body').innerText()).includes(hostile));
    assert.not.match(await page.title(), /^ran$/);
  }),
);

inBrowser(
  'required actions come first, then what is where in NextCRM, then the numbers; each with its next step and its query',
  () =>
    on('findings', desk, async ({ page }, { report }) => {
      const places = await page.locator('main > *').evaluateAll((all) => ({
        finding: all.findIndex((one) => one.querySelector('.finding') !== null || one.matches('.finding')),
        first: all.findIndex((one) => one.matches('.overview')),
        nextcrm: all.findIndex((one) => one.matches('.nextcrm')),
        tiles: all.findIndex((one) => one.matches('.tiles')),
        table: all.findIndex((one) => !one.matches('.nextcrm, .findings') && one.querySelector('table') !== null),
      }));
      const inOrder = [places.first, places.finding, places.nextcrm, places.tiles, places.table];
      assert.ok(places.first > 0, JSON.stringify(places));
      assert.equal(
        inOrder,
        inOrder.toSorted((a, b) => a - b),
        JSON.stringify(places),
      );
      for (const code of new Set(report.findings.map((finding) => finding.code))) {
        const card = page.locator('.finding', { has: page.locator(`.code:text-is("${code}")`) }).first();
        assert.match(await card.innerText(), /Next: /);
        assert.match(await card.locator('pre').first().innerText(), /^select .* from nextcrm_migration\.reject/);
      }
      assert.match(await page.locator('body').innerText(), `accept ${report.id}`);
    }),
);

for (const name of ['clean', 'findings'] as const) {
  inBrowser(`${name}: what to do and where everything is stand on the first screen`, () =>
    on(name, desk, async ({ page }) => {
      const box = await page.locator('.overview').boundingBox();
      assert.ok(box !== null && box.y + box.height <= desk.height, JSON.stringify(box));
    }),
  );
}

for (const name of stateNames) {
  for (const view of [desk, night, telephone]) {
    inBrowser(`${name}: the accessibility checker finds nothing, ${view.scheme}, ${view.width} wide`, () =>
      on(name, view, async ({ page }) => assert.equal(await accessibilityFaults(page), [])),
    );
  }

  inBrowser(`${name}: all that can be opened, followed or scrolled is reached by keyboard, and seen to be`, () =>
    on(name, desk, async ({ page }) => {
      const targets = await page.locator('a[href], summary:visible, [tabindex="0"]:visible').count();
      const reached = new Set<string>();
      for (let key = 0; key < targets + 5; key += 1) {
        await page.keyboard.press('Tab');
        reached.add(await focusShown(page));
      }
      reached.delete('');
      assert.is(reached.size, targets);
    }),
  );
}

inBrowser('twenty places of one code fit on one screen', async () => {
  const { report } = stateOf('findings');
  const [finding] = report.findings;
  assert.ok(finding !== undefined);
  const findings = Array.from({ length: 20 }, (_, n) => ({ ...finding, field: `field_${n}`, count: 40 + n }));
  const file = join(folder, 'places.html');
  await writeFile(file, reportPage({ ...report, findings }));
  await visited(browser, file, desk, async ({ page }) => {
    const table = page.locator('.finding table');
    assert.is(await table.locator('tbody tr').count(), 20);
    const box = await table.boundingBox();
    assert.ok(box !== null && box.height <= desk.height, JSON.stringify(box));
  });
});

inBrowser('the sections of the page of a running migration are open, and still are when it has reloaded itself', async () => {
  const file = join(folder, 'reloading.html');
  const page_ = await readFile(stateOf('running').page, 'utf8');
  await writeFile(file, page_.replace('http-equiv="refresh" content="10"', 'http-equiv="refresh" content="1"'));
  await visited(browser, file, desk, async ({ page }) => {
    const section = page.locator('details').filter({ hasText: 'Content hashes of the source' }).locator('table');
    for (let reload = 0; reload < 2; reload += 1) {
      await section.waitFor({ state: 'visible' });
      await page.waitForEvent('load');
    }
    await section.waitFor({ state: 'visible' });
  });
});

inBrowser('a clean page has no card for a person, and its charts are rendered', () =>
  on('clean', desk, async ({ page }) => {
    assert.is(await page.locator('.finding').count(), 0);
    const widths = await page.locator('.chart .bar').evaluateAll((bars) => bars.map((one) => one.getBoundingClientRect().width));
    assert.ok(widths.length >= 6 && Math.max(...widths) > 50, widths.join(' '));
  }),
);

inBrowser('a running page says where it is, and reloads itself', () =>
  on('running', desk, async ({ page }) => {
    assert.match(await page.locator('.step.under-way').innerText(), /Load documents/);
    assert.is((await page.locator('.step.to-come').count()) > 0, true);
    assert.is(await page.locator('meta[http-equiv=refresh]').getAttribute('content'), '10');
  }),
);

inBrowser('a failed page says what to do, and where it stopped', () =>
  on('failed', desk, async ({ page }) => {
    assert.match(await page.locator('.finding').first().innerText(), /TARGET_DISK_FULL[\s\S]*What to do:/);
    assert.match(await page.locator('.step.stopped').innerText(), /Load documents/);
  }),
);

for (const name of stateNames) {
  inBrowser(`${name}: report.txt has at most 30 lines and the verdict first, and the terminal ends with the same`, async () => {
    const { text, output } = stateOf(name);
    const lines = text.trimEnd().split('\n');
    assert.ok(lines.length <= 30, `${lines.length} lines`);
    if (name === 'clean' || name === 'findings') assert.ok(output.trimEnd().endsWith(text.trimEnd()), output);
    if (name === 'failed') assert.match(output, lines[1] ?? '');
  });
}

test.run();
