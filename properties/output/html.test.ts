import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EXPORTS } from '../../src/output/export/index.ts';
import { reportHtml } from '../../src/output/report/html/index.ts';
import { Browsing, hasBrowser } from '../support/browser.ts';
import { folder, mmspec } from '../support/cli.ts';
import { exhibits } from '../support/exhibits.ts';
import { reportOf } from '../support/report.ts';
import { longUnless } from '../support/sizes.ts';
import { FULL_BLOCK, NO_ORDER, PARALLEL, STALE } from '../support/traces.ts';

const where = folder();

/** A violation after more areas than fit beside the text. */
const AREAS = Array.from(
  { length: 40 },
  (_, n) => `@0 a${n + 2} = vmap f1 => 0xffffc9000${(0x900 + 2 * n).toString(16)}000\n`,
);
const WIDE = STALE.replace(/^(?=@1 read a0\+0x3000 => f3\n$)/m, AREAS.join(''));

/** A violation after many harmless steps. */
const LONG = STALE.replace(/^@/m, `${'@0 vm_unmap_aliases => ok\n'.repeat(56)}@`);

const page = (name: string, ...traces: readonly string[]): string => {
  const file = join(where, `${name}.html`);
  writeFileSync(file, reportHtml(reportOf(...traces)));
  return pathToFileURL(file).href;
};

describe('the text of the page', () => {
  test('refers to no other file and to no network', () => {
    const html = reportHtml(reportOf(STALE, FULL_BLOCK));
    expect(html).not.toMatch(/\b(?:src|href)="(?!#)/);
    expect(html).not.toMatch(/@import|url\(|https?:/);
  });

  test('shows how far an order of overlapping calls explains the outcomes', () => {
    const html = reportHtml(reportOf(NO_ORDER));
    expect(html).toMatch(
      /<section class="why"><h4>the longest order .*<ol>.*step 2: .*<h4>here every order fails<\/h4>/,
    );
    expect(reportHtml(reportOf(STALE))).not.toContain('class="why"');
  });

  test('can be written for every mutant, and escapes what it shows', { tags: ['long'] }, () => {
    const traces = exhibits().map((exhibit) => EXPORTS.get('trace')!.write(exhibit));
    for (const trace of traces) {
      const html = reportHtml(reportOf(trace));
      expect(html).toContain('class="moment offending"');
      expect(html).not.toMatch(/undefined|NaN|\[object/);
    }
    const nasty = reportOf(STALE.replace('profile', 'target <b onclick="x">&\nprofile'));
    expect(reportHtml(nasty)).not.toContain('<b onclick');
  });

  test('keeps the roles of the table of clauses, whose rows are grids on a phone', () => {
    const [table] = reportHtml(reportOf(STALE)).match(/<table.*<\/table>/s)!;
    expect(table.match(/<(?:table|thead|tbody|tr|th|td)\b(?![^>]*\brole=)/g)).toBeNull();
  });

  test('is written by the command line', { tags: ['long'] }, async () => {
    const file = join(where, 'run.html');
    const args = ['run', '--target', 'mutant:zap-one-page-more', '--programs', '2000', '--seed', '1'];
    const { code } = await mmspec([...args, '--corpus', join(where, 'corpus'), '--report', `html:${file}`]);
    expect(code).toBe(1);
    expect(existsSync(file)).toBe(true);
  });
});

/** Runs in the page: texts with too little contrast (below 4.5 to 1, WCAG 2). */
const WEAK = `(() => {
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map((part) => channel(Number(part) / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!/, 0\\)$/.test(backgroundColor)) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('p, dd, dt, td, th, h1, h3, h4, h5, small, code, strong, button, output')]
    .filter((element) => element.textContent.trim() && element.getClientRects().length > 0)
    .filter((element) => element.ariaDisabled !== 'true')
    .map((element) => {
      const [a, b] = [light(getComputedStyle(element).color), light(paper(element))];
      return { text: element.textContent, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
    })
    .filter(({ ratio }) => ratio < 4.5);
})()`;

describe.skipIf(!hasBrowser)('in a browser', () => {
  let browsing: Browsing;

  beforeAll(async () => {
    browsing = await Browsing.start();
  });
  afterAll(() => browsing?.close());
  afterEach(() => expect(browsing.faults).toEqual([]));

  const open: Browsing['open'] = (url, options) => browsing.open(url, options);

  const shown = async (made: Page): Promise<string> =>
    (await made.locator('.state:visible h4').first().textContent()) ?? '';

  test('keys, buttons and clicks go to a step', { tags: ['long'] }, async () => {
    const made = await open(page('stale', STALE));
    expect(await shown(made)).toBe('after step 10: @1 read a0+0x3000 => f3');
    expect(await made.locator('.moment[aria-current="step"]').count()).toBe(1);
    await made.locator('.moment[aria-current="step"]').focus();
    await made.keyboard.press('ArrowUp');
    expect(await shown(made)).toContain('after step 9:');
    await made.keyboard.press('Home');
    expect(await shown(made)).toContain('after step 1:');
    await made.keyboard.press('j');
    expect(await shown(made)).toContain('after step 2:');
    await made.getByRole('button', { name: 'next step' }).click();
    expect(await shown(made)).toContain('after step 3:');
    expect(await made.locator('.state:visible .stale').textContent()).toContain('unmapped, may linger');
    await made.locator('.moment').nth(4).click();
    expect(await shown(made)).toContain('after step 5:');
    await made.keyboard.press('End');
    expect(await made.getByRole('button', { name: 'last step' }).getAttribute('aria-disabled')).toBe('true');
    await made.close();
  });

  test('a button keeps the focus at the last step, and ignores arrow keys', { tags: ['long'] }, async () => {
    const made = await open(page('stale', STALE));
    const next = made.getByRole('button', { name: 'next step' });
    await made.getByRole('button', { name: 'previous step' }).click();
    await next.focus();
    await made.keyboard.press('Enter');
    expect(await shown(made)).toContain('after step 10:');
    expect(await next.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
    await made.keyboard.press('ArrowUp');
    expect(await shown(made)).toContain('after step 10:');
    await made.locator('.scroll').focus();
    await made.keyboard.press('ArrowLeft');
    expect(await shown(made)).toContain('after step 10:');
    await made.keyboard.press('ArrowUp');
    expect(await shown(made)).toContain('after step 9:');
    await made.close();
  });

  test('the focused line has an outline, even if it is the offending one', { tags: ['long'] }, async () => {
    const made = await open(page('stale', STALE), { colorScheme: 'light' });
    await made.locator('.scroll').focus();
    await made.keyboard.press('End');
    const ring = await made.evaluate("getComputedStyle(document.querySelector('.offending')).outlineColor");
    expect(ring).toBe('rgb(31, 111, 235)');
    await made.close();
  });

  test('in a long program, the offending line and every line that a button goes to are visible', {
    tags: ['long'],
  }, async () => {
    const made = await open(page('long', LONG));
    const inSight = (): Promise<boolean> =>
      made.locator('.moment.current').evaluate((line) => {
        const [row, box] = [line, line.closest('.scroll')!].map((element) => element.getBoundingClientRect());
        const heading = line.closest('.graph')!.querySelector('.heading')!.getBoundingClientRect();
        return row.top >= heading.bottom - 1 && row.bottom <= box.bottom + 1 && heading.top >= box.top - 1;
      });
    expect(await made.locator('.moment.current.offending').count()).toBe(1);
    expect(await inSight()).toBe(true);
    await made.getByRole('button', { name: 'first step' }).click();
    expect(await inSight()).toBe(true);
    expect(await shown(made)).toContain('after step 1:');
    await made.getByRole('link', { name: 'at step 66' }).click();
    expect(await made.locator('.moment.offending').evaluate((line) => line.matches('.current:focus'))).toBe(true);
    expect(await inSight()).toBe(true);
    await made.close();
  });

  test('the offending read is red and connected to the range that is gone', async () => {
    const made = await open(page('stale', STALE), { colorScheme: 'light' });
    const color = await made.evaluate("getComputedStyle(document.querySelector('.offending .outcome')).color");
    expect(color).toBe('rgb(207, 34, 46)');
    expect(await made.locator('.offending .ghost').count()).toBe(1);
    expect(await made.locator('.offending .entry.touched').count()).toBe(1);
    await made.close();
  });

  test('overlapping calls are parallel bars', async () => {
    const made = await open(page('parallel', PARALLEL));
    const lanes = made.locator('.moment').nth(2).locator('.lane');
    expect(await lanes.nth(0).getAttribute('class')).toContain('t-run b-run');
    expect(await lanes.nth(1).getAttribute('class')).toContain('acts');
    await made.close();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`text has enough contrast in ${colorScheme} mode`, longUnless(colorScheme === 'light'), async () => {
      const made = await open(page('stale', STALE, FULL_BLOCK, NO_ORDER), { colorScheme });
      const weak = await made.evaluate(WEAK);
      expect(weak).toEqual([]);
      await made.close();
    });

  test('on a phone, the page is as wide as the screen', async () => {
    const made = await open(page('stale', STALE), { viewport: { width: 390, height: 844 }, isMobile: true });
    expect(await made.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const { inside, outside } = await made
      .locator('.scroll')
      .evaluate((element) => ({ inside: element.scrollWidth, outside: element.clientWidth }));
    expect(inside).toBeLessThanOrEqual(outside + 1);
    await made.close();
  });

  for (const width of [360, 1024, 1280])
    test(`with many areas, no text is cut off at a width of ${width} pixels`, { tags: ['long'] }, async () => {
      const made = await open(page('wide', WIDE), { viewport: { width, height: 800 } });
      const cut = await made.locator('.moment .text').evaluateAll((texts) =>
        texts
          .filter((text) => {
            const [inner, box] = [text, text.closest('.scroll')!].map((element) => element.getBoundingClientRect());
            return inner.right > box.right + 1 || text.scrollWidth > text.clientWidth;
          })
          .map((text) => text.textContent),
      );
      expect(cut).toEqual([]);
      await made.close();
    });

  test('a screen reader gets the steps, the state and the marks', { tags: ['long'] }, async () => {
    const made = await open(page('stale', STALE));
    const tree = await made.locator('article').ariaSnapshot();
    expect(tree).toContain('violated ALIAS-1');
    expect(tree).toContain('CPU 1 may still hold a0+0x3000 -> f3');
    expect(tree).toContain('breaks ALIAS-1: allowed fault, or other');
    expect(tree).toContain('button "next step"');
    await made.getByRole('button', { name: 'previous step' }).click();
    expect(await made.locator('.player [aria-live]:not([aria-live="off"])').allTextContents()).toEqual([
      expect.stringMatching(/^step 9 of 10.*@/),
    ]);
    await made.locator('.moment.current').focus();
    await made.keyboard.press('ArrowUp');
    expect(await made.locator('.player [aria-live]:not([aria-live="off"])').count()).toBe(0);
    await made.close();
  });

  test('headings skip no level, and links in the contents have different texts', { tags: ['long'] }, async () => {
    const made = await open(page('several', STALE, STALE, NO_ORDER));
    const levels = await made
      .locator('h1, h2, h3, h4, h5')
      .evaluateAll((headings) => headings.filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1])));
    expect(levels.filter((level, n) => n > 0 && level > levels[n - 1] + 1)).toEqual([]);
    for (const names of ['article h3', 'nav ol a'])
      expect(new Set(await made.locator(names).allTextContents()).size).toBe(3);
    await made.close();
  });

  test('without scripts, the controls are hidden', async () => {
    const made = await open(page('stale', STALE), { javaScriptEnabled: false });
    expect(await made.locator('.controls').isVisible()).toBe(false);
    expect(await made.locator('.state h4:visible').textContent()).toContain('after step 10:');
    await made.close();
  });

  test('a foreign script does not run', async () => {
    const file = join(where, 'foreign.html');
    const foreign = '<script>document.title = "foreign"</script>';
    writeFileSync(file, reportHtml(reportOf(STALE)).replace('</main>', `${foreign}</main>`));
    const made = await open(pathToFileURL(file).href);
    expect(await made.title()).toBe('mmspec: a target');
    expect(await made.locator('.controls').isVisible()).toBe(true);
    await made.close();
  });

  test('on paper, the page has all of its content', { tags: ['long'] }, async () => {
    const made = await open(page('wide', WIDE));
    await made.emulateMedia({ media: 'print' });
    expect(await made.locator('.controls').first().isVisible()).toBe(false);
    expect(await made.locator('.moment').count()).toBe(50);
    expect(
      await made.locator('article pre').evaluate((text) => text.checkVisibility({ contentVisibilityAuto: true })),
    ).toBe(true);
    expect(await made.locator('article pre').evaluate((text) => text.getBoundingClientRect().height)).toBeGreaterThan(
      150,
    );
    await made.setViewportSize({ width: 718, height: 1000 });
    expect(await made.evaluate('document.documentElement.scrollWidth')).toBe(718);
    expect((await made.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
    await made.close();
  });

  test('no page had a script error or used the network', () => {
    expect(browsing.faults).toEqual([]);
  });
});
