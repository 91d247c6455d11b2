import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { reportHtml } from '../../src/output/report/html/index.ts';
import { STATES } from '../../src/programs/states/vocabulary.ts';
import type { Report } from '../../src/run/report/report.ts';
import { barriers } from '../support/barriers.ts';
import { Browsing, hasBrowser } from '../support/browser.ts';
import { folder } from '../support/cli.ts';
import { reportOf } from '../support/report.ts';
import { FULL_BLOCK, NO_ORDER, STALE } from '../support/traces.ts';

/** Everyone can use the page: with a keyboard, a screen reader or a small screen, on paper, and without a network. */

const where = folder();

const STATE_COUNTS = STATES.map((state, n) => ({ state, programs: n % 3 }));

/** A report with each part that a page can have. */
const FULL: Report = {
  ...reportOf(STALE, FULL_BLOCK, NO_ORDER),
  states: STATE_COUNTS,
  phases: [{ name: 'random', done: 300, left: 20, unfit: 3 }],
  calls: [
    { call: 'vmap', effects: 3, unsupported: 0 },
    { call: 'vfree', effects: 0, unsupported: 2 },
  ],
  functions: { watched: 3, never: ['vmap_pfn'] },
  unsupported: ['vfree'],
  machine: {
    release: '6.12.7',
    version: 'build 01',
    options: ['KASAN'],
    cpus: 2,
    emulator: 'QEMU',
    accelerator: 'tcg',
  },
  notes: [{ what: 'mremap', why: 'left out', option: 'announce it' }],
};
const HELD: Report = { ...FULL, findings: [] };

const urlOf = (name: string, report: Report): string => {
  const file = join(where, `${name}.html`);
  writeFileSync(file, reportHtml(report));
  return pathToFileURL(file).href;
};

const unfold = (page: Page): Promise<unknown> =>
  page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");

// Starting a browser takes long, so `npm test` starts one only for html.test.ts.
describe.skipIf(!hasBrowser)('the page of a report', { tags: ['long'] }, () => {
  let browsing: Browsing;
  let full: string;
  let held: string;

  beforeAll(async () => {
    browsing = await Browsing.start();
    full = urlOf('full', FULL);
    held = urlOf('held', HELD);
  });
  afterAll(() => browsing?.close());
  afterEach(() => expect(browsing.faults).toEqual([]));

  test.each([
    ['light', { colorScheme: 'light' as const }],
    ['dark', { colorScheme: 'dark' as const }],
    ['on a phone', { viewport: { width: 400, height: 850 }, isMobile: true }],
  ])('has no barrier that axe-core knows (%s)', async (_, options) => {
    const page = await browsing.open(full, options);
    await unfold(page);
    expect(await barriers(page)).toEqual([]);
    await page.close();
  });

  test('has no barrier if nothing is violated', async () => {
    const page = await browsing.open(held);
    expect(await barriers(page)).toEqual([]);
    await page.close();
  });

  test('axe-core would notice a barrier', async () => {
    const page = await browsing.open(held);
    await page
      .locator('.verdict')
      .evaluate((verdict) => verdict.setAttribute('style', 'color: #eee; background: #fff'));
    await page
      .locator('.chart')
      .first()
      .evaluate((chart) => chart.setAttribute('role', 'nonsense'));
    const rules = (await barriers(page)).map((one) => one.split(':')[0]);
    expect(rules).toContain('color-contrast');
    expect(rules).toContain('aria-roles');
    await page.close();
  });

  test('the violations come first, then the run, then the contract, folded', async () => {
    const page = await browsing.open(full);
    expect(await page.locator('h2').allTextContents()).toEqual([
      'Violations',
      'The run',
      'The contract, clause by clause',
    ]);
    expect(await page.locator('.clauses').isVisible()).toBe(false);
    expect(await page.locator('nav a').first().isVisible()).toBe(false);
    await page.close();
  });

  test('with the keyboard alone, a reader comes from the contents to a violation, its clause and back', async () => {
    const page = await browsing.open(full);
    const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent.trim()');
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Tab');
    expect(await focused()).toBe('Contents');
    await press('Enter', 'Tab');
    expect(await focused()).toBe('Violations');
    await press('Tab', 'Tab');
    expect(await focused()).toMatch(/^2\. /);
    await press('Enter');
    await expect.poll(() => page.url()).toMatch(/#finding-2$/);
    await press('Tab');
    expect(await focused()).toMatch(/^[A-Z]+-\d+$/);
    const id = await focused();
    await press('Enter');
    await expect.poll(() => page.url()).toMatch(new RegExp(`#clause-${id}$`));
    const row = page.locator(`#clause-${id}`);
    await expect.poll(() => row.isVisible()).toBe(true);
    await press('Tab');
    expect(await focused()).toBe(id);
    await press('Tab');
    expect(await focused()).toMatch(/^\(\d\)$/);
    await press('Enter');
    await expect.poll(() => page.url()).toMatch(/#finding-\d$/);
    await page.close();
  });

  test('every control can be reached and has a name', async () => {
    const page = await browsing.open(full);
    await unfold(page);
    await page.getByLabel('filter clauses').fill('ALIAS-1');
    await page.locator('h1').click();
    const count = await page
      .locator('a[href], button, input, select, summary, [tabindex="0"]')
      .filter({ visible: true })
      .count();
    const names = new Set<string>();
    for (let n = 0; n <= count; n++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(
        '(({ tagName, ariaLabel, labels, textContent }) => tagName + " " + (ariaLabel || labels?.[0]?.textContent || textContent).trim())(document.activeElement)',
      );
      names.add(String(name));
    }
    const had = [...names];
    for (const name of [
      'SUMMARY Contents',
      'BUTTON previous step',
      'INPUT filter clauses',
      'SELECT outcome',
      'A ALIAS-1',
    ])
      expect(had).toContain(name);
    expect(had.filter((name) => /^[A-Z]+ *$/.test(name))).toEqual([]);
    await page.close();
  });

  test('the filter shows the clauses with a word and an outcome, and says how many', async () => {
    const page = await browsing.open(full);
    await page.locator('#all-clauses > summary').click();
    const shown = page.locator('.clauses tbody tr:visible');
    const all = await shown.count();
    await page.getByLabel('filter clauses').fill('alias-1');
    expect(await shown.locator('th').allTextContents()).toContain('ALIAS-1');
    expect(await shown.count()).toBeLessThan(all);
    await page.getByLabel('filter clauses').fill('');
    await page.getByLabel('outcome').selectOption('violated');
    const violated = FULL.coverage.filter(({ status }) => status === 'violated').length;
    expect(await shown.count()).toBe(violated);
    expect(await page.locator('#all-clauses output').textContent()).toBe(`${violated} of ${all} clauses`);
    await page.getByLabel('filter violations').fill('no such word');
    expect(await page.locator('.finding:visible').count()).toBe(0);
    await page.close();
  });

  test('a link to a clause unfolds the table, also if the filter has hidden the clause', async () => {
    const page = await browsing.open(`${full}#clause-SAFE-1`);
    const row = page.locator('#clause-SAFE-1');
    expect(await row.isVisible()).toBe(true);
    await page.getByLabel('filter clauses').fill('ALIAS-1');
    expect(await row.isVisible()).toBe(false);
    await page.evaluate("location.hash = '#violations'");
    await page.evaluate("location.hash = '#clause-SAFE-1'");
    await expect.poll(() => row.isVisible()).toBe(true);
    await page.close();
  });

  test('the charts say in words what their bars show', async () => {
    const page = await browsing.open(full);
    const texts = await page.locator('.chart').first().locator('tr').allInnerTexts();
    const reached = STATE_COUNTS.filter(({ programs }) => programs > 0).length;
    expect(texts.map((text) => text.replace(/\s+/g, ' '))).toEqual(
      expect.arrayContaining([
        'calls 1 showed an effect, 1 showed none',
        `states ${reached} reached, ${STATES.length - reached} not reached`,
        'functions 2 entered, 1 never entered',
        'programs: random 300 run, 20 left, 3 not defined on this target',
      ]),
    );
    const widths = await page
      .locator('.chart .bar')
      .evaluateAll((bars) =>
        bars.map((bar) => [...bar.children].reduce((sum, part) => sum + part.getBoundingClientRect().width, 0)),
      );
    expect(Math.min(...widths)).toBeGreaterThan(100);
    await page.close();
  });

  test('on a phone, the unfolded page is as wide as the screen', async () => {
    const page = await browsing.open(full, { viewport: { width: 400, height: 850 }, isMobile: true });
    await unfold(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    await page.close();
  });

  test('on paper, the folded table is there, and the filter is not', async () => {
    const page = await browsing.open(full);
    await page.emulateMedia({ media: 'print' });
    expect(
      await page.locator('.clauses').evaluate((table) => table.checkVisibility({ contentVisibilityAuto: true })),
    ).toBe(true);
    expect(await page.locator('.clauses').evaluate((table) => table.getBoundingClientRect().height)).toBeGreaterThan(
      1000,
    );
    expect(await page.locator('.filter:visible').count()).toBe(0);
    await page.close();
  });

  test('no page used the network or had a script error', () => {
    expect(browsing.faults).toEqual([]);
  });
});
