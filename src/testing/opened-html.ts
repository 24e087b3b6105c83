import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../load/browser/chromium.js';

/** A Chromium that opens pages from files, and notes what went wrong in them. */
export class HtmlBrowser {
  readonly #browser: Browser;
  readonly #folder: string;
  #files = 0;

  static async launch(): Promise<HtmlBrowser> {
    const executablePath = findChromium() ?? chromium.executablePath();
    const chromiumSandbox = process.getuid?.() !== 0 && process.platform === 'linux';
    const browser = await chromium.launch({ executablePath, headless: true, chromiumSandbox });
    return new HtmlBrowser(browser, await mkdtemp(join(tmpdir(), 'rtbench-html-')));
  }

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser;
    this.#folder = folder;
  }

  /** Opens it in a fresh context. `troubles`: messages of its console, errors, and requests for anything but itself. */
  async open(html: string, options: BrowserContextOptions = {}): Promise<{ page: Page; troubles: string[] }> {
    const file = join(this.#folder, `${this.#files++}.html`);
    await writeFile(file, html);
    const url = pathToFileURL(file).href;
    const context = await this.#browser.newContext({ viewport: { width: 1_280, height: 900 }, ...options });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) troubles.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return { page, troubles };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** What uPlot itself holds of a chart: its data, x first, and which series are shown. */
export function chartOf(
  page: Page,
  id: string,
): Promise<{ data: (number | null)[][]; shown: boolean[]; strokes: string[] }> {
  // Text, as the tests are not compiled for a page.
  return page.evaluate(`(() => {
    const { data, series } = document.querySelector('[data-chart="${id}"] .plot').uplot;
    const [, ...others] = series;
    return {
      data: data.map((values) => [...values]),
      shown: others.map(({ show }) => show),
      strokes: others.map((one) => one.stroke()),
    };
  })()`);
}
