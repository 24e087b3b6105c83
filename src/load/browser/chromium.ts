import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { messageOf } from '../../errors.js';
import { makeBrowserFolder } from './browser-folder.js';

/** Where a browser is looked for first. */
export const CHROMIUM_VARIABLE = 'RTBENCH_CHROMIUM';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Nothing of its own on the machine or the network while others are measured; QUIC is not what is compared. */
const QUIET_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** With these two headers a page's clock has steps of 5 µs instead of 100. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
/** An icon in place, for the browser would fetch one. */
const DOCUMENT = '<!doctype html><title>rtbench</title><link rel="icon" href="data:,">';

/** A page, to evaluate in and to close with its connections. */
export interface OpenedPage {
  evaluate<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}

/** A headless Chromium with nothing in it, whose files are in a folder that ends with it. */
export class Chromium {
  readonly name = 'Chromium';
  readonly version: string;
  readonly #browser: Browser;
  readonly #removeFolder: () => Promise<void>;

  /**
   * Starts it. `certificate`, PEM: the one that is trusted beside the system's.
   *
   * Rejects, naming what to install, where playwright-core or a browser is missing.
   */
  static async launch({ certificate = null }: { certificate?: string | null } = {}): Promise<Chromium> {
    const { chromium } = await loadPlaywright();
    const executablePath = findChromium() ?? chromium.executablePath();
    if (!existsSync(executablePath)) throw new Error(missing('there is no Chromium here'));
    const { folder, remove: removeFolder } = await makeBrowserFolder();
    const before = process.env.TMPDIR;
    // Where the library and the browser put what they need; the library has no option for it.
    process.env.TMPDIR = folder;
    try {
      const browser = await chromium.launch({
        executablePath,
        headless: true,
        // A browser's sandbox cannot be set up by root.
        chromiumSandbox: process.getuid?.() !== 0 && process.platform === 'linux',
        args: [...QUIET_FLAGS, ...(certificate === null ? [] : [trusting(certificate)])],
        // Signals are for whoever started this process.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
      return new Chromium(browser, removeFolder);
    } catch (error) {
      await removeFolder();
      throw new Error(`${executablePath} does not start: ${messageOf(error)}`);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  }

  private constructor(browser: Browser, removeFolder: () => Promise<void>) {
    this.#browser = browser;
    this.version = browser.version();
    this.#removeFolder = removeFolder;
  }

  /**
   * An empty page whose origin is that of the URL, with connections of its own: as another person's browser. The server
   * is not asked for it.
   */
  async openPage(url: string): Promise<OpenedPage> {
    const context = await this.#browser.newContext();
    // The page reports over a socket to this process, which browsers ask a person about.
    await context.grantPermissions(['local-network-access']);
    const page = await this.#documentAt(context, new URL('/', url).href);
    return { evaluate: (expression) => page.evaluate(expression), close: () => context.close() };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#removeFolder();
  }

  async #documentAt(context: BrowserContext, url: string): Promise<Page> {
    const page = await context.newPage();
    await page.route(url, (route) => route.fulfill({ contentType: 'text/html', headers: ISOLATED, body: DOCUMENT }));
    await page.goto(url);
    // While anything is intercepted, everything goes through the library.
    await page.unrouteAll();
    return page;
  }
}

/** The browser to use: `RTBENCH_CHROMIUM`, else one on the PATH; `undefined` where there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env[CHROMIUM_VARIABLE];
  if (named) return named;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program))).find((path) => existsSync(path));
}

/** Whether `Chromium.launch` has what it takes; else what is missing and how to get it. */
export async function browserProblem(): Promise<string | undefined> {
  try {
    const { chromium } = await loadPlaywright();
    return existsSync(findChromium() ?? chromium.executablePath()) ? undefined : missing('there is no Chromium here');
  } catch (error) {
    return messageOf(error);
  }
}

async function loadPlaywright() {
  try {
    return await import('playwright-core');
  } catch {
    throw new Error('the package playwright-core, which drives a browser, is missing: npm install playwright-core');
  }
}

function missing(what: string): string {
  return `${what}: install one (apt-get install chromium, or npx playwright-core install chromium) or name it in ${CHROMIUM_VARIABLE}`;
}

/** Trusts the certificates with this one's public key, and still checks that the server has the private one. */
function trusting(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`;
}
