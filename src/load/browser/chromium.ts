import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, CDPSession } from 'playwright-core';
import { messageOf } from '../../errors.js';
import { makeBrowserFolder } from './browser-folder.js';
import { OpenedPage } from './opened-page.js';

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

/** A headless Chromium with nothing in it, whose files are in a folder that ends with it. */
export class Chromium {
  readonly name = 'Chromium';
  readonly version: string;
  readonly #browser: Browser;
  readonly #devtools: CDPSession;
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
      return new Chromium(browser, await browser.newBrowserCDPSession(), removeFolder);
    } catch (error) {
      await removeFolder();
      throw new Error(`${executablePath} does not start: ${messageOf(error)}`);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  }

  private constructor(browser: Browser, devtools: CDPSession, removeFolder: () => Promise<void>) {
    this.#browser = browser;
    this.#devtools = devtools;
    this.version = browser.version();
    this.#removeFolder = removeFolder;
  }

  /** An empty page whose origin is that of the URL, with connections of its own. The server is not asked for it. */
  openPage(url: string): Promise<OpenedPage> {
    return OpenedPage.open(this.#devtools, new URL('/', url).href);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#removeFolder();
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
