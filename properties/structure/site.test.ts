import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clausePath } from '../../docs/tools/site/clause.ts';
import { writeSite } from '../../docs/tools/site/site.ts';
import { CLAUSES } from '../../reference/contract.ts';
import { reportHtml } from '../../src/output/report/html/index.ts';
import { listMutants } from '../../src/targets/embedded/index.ts';
import { barriers } from '../support/barriers.ts';
import { Browsing, hasBrowser } from '../support/browser.ts';
import { folder } from '../support/cli.ts';
import { reportOf } from '../support/report.ts';
import { STALE } from '../support/traces.ts';

/** The site of the documents and the clauses. */

const site = folder();
const pages = new Map(writeSite(site).map((path) => [path, readFileSync(join(site, path), 'utf8')]));

const anchorsOf = (html: string): Set<string> => new Set([...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));

const ANCHORS = new Map([...pages].map(([path, html]) => [path, anchorsOf(html)]));

/** What is wrong with a link of a page; undefined where nothing is, or where it leaves the site. */
function problemWith(from: string, href: string): string | undefined {
  if (/^[a-z]+:/.test(href)) return undefined;
  const [file, anchor] = href.split('#');
  const path = file === '' ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(site, path))) return `${from}: ${href} leads nowhere`;
  if (anchor === undefined || !ANCHORS.has(path)) return undefined;
  return ANCHORS.get(path)!.has(anchor) ? undefined : `${from}: ${path} has no anchor ${anchor}`;
}

test('each link leads to a page or a file that exists, and to an anchor of it', () => {
  const problems = [...pages].flatMap(([path, html]) =>
    [...html.matchAll(/\b(?:href|src)="([^"]*)"/g)].flatMap(([, href]) => problemWith(path, href) ?? []),
  );
  expect(problems).toEqual([]);
  expect(problemWith('index.html', 'docs/contract.html#no-such-clause')).toBeDefined();
});

describe('the page of a clause', () => {
  test('exists for each, with its sentence, its source, and a picture of each trace', () => {
    for (const { id, level } of CLAUSES) {
      const html = pages.get(clausePath(id))!;
      expect(html, id).toContain('<h1>');
      expect(html, id).toMatch(/<dt>call<\/dt><dd>(<code>\w+<\/code>|several)<\/dd>/);
      expect(html.match(/class="player"/g)?.length, id).toBe(level === 'MUST' ? 2 : 1);
      expect(html.includes('class="moment offending"'), id).toBe(level === 'MUST');
    }
  });

  test('names the mutants that break it and the kernels that judged it', () => {
    for (const { name, breaks } of listMutants()) expect(pages.get(clausePath(breaks))).toContain(`mutant:${name}<`);
    const html = pages.get(clausePath('ALIAS-1'))!;
    expect(html).toMatch(
      /<tr class="violated"><th scope="row">amd64 6\.1\.\d+<\/th><td class="status">violated, see <a href="\.\.\/fixtures\/linux\/FINDINGS\.html#/,
    );
    expect(html).toMatch(/<tr class="upheld">/);
  });
});

test('the report links to the page of each clause, if it knows where the site is', () => {
  const html = reportHtml(reportOf(STALE), { contract: 'https://example.org/site/' });
  const links = [...html.matchAll(/href="https:\/\/example\.org\/site\/([^"]*)"/g)].map(([, path]) => path);
  expect(links).toContain(clausePath('ALIAS-1'));
  for (const path of links) expect([...pages.keys()]).toContain(path);
  expect(reportHtml(reportOf(STALE))).not.toContain('https:');
});

describe.skipIf(!hasBrowser)('in a browser', { tags: ['long'] }, () => {
  let browsing: Browsing;
  beforeAll(async () => {
    browsing = await Browsing.start();
  });
  afterAll(() => browsing?.close());

  test('a page of a clause and a document have no barrier, and the picture can be stepped through', async () => {
    const page = await browsing.open(pathToFileURL(join(site, clausePath('ALIAS-1'))).href);
    expect(await barriers(page)).toEqual([]);
    const player = page.locator('.player').nth(1);
    await player.getByRole('button', { name: 'first step' }).click();
    expect(await player.locator('.state:visible h4').textContent()).toContain('after step 1:');
    await page.goto(pathToFileURL(join(site, 'docs/testing-your-implementation.html')).href);
    expect(await barriers(page)).toEqual([]);
    await page.close();
    expect(browsing.faults).toEqual([]);
  });
});
