import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Opens pages of reports in a real browser. */

/** Where Debian installs it. */
const CHROMIUM = '/usr/bin/chromium';

const FLAGS = `--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync`.split(/\s+/);

/** Without it the tests in a browser are skipped. */
export const hasBrowser = existsSync(CHROMIUM);

/** A browser that remembers script errors and requests to the network of the pages that it opened. */
export class Browsing {
  readonly #browser: Browser;
  /** Messages of script errors, and addresses that are no local files. */
  readonly faults: string[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<Browsing> {
    return new Browsing(await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS }));
  }

  /** Opens a local page. */
  async open(url: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const made = await this.#browser.newPage(options);
    made.on('pageerror', (error) => this.faults.push(error.message));
    made.on('request', (request) => {
      if (!request.url().startsWith('file:')) this.faults.push(request.url());
    });
    await made.goto(url);
    return made;
  }

  /** Ends the browser. */
  close(): Promise<void> {
    return this.#browser.close();
  }
}
