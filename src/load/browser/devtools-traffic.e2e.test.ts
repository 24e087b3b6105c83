import { readFile, rm } from 'node:fs/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { HostClock } from '../../metrics/clock.js';
import { ReferenceServer } from '../../server/reference-server.js';
import { HUB_OPTIONS } from '../../suite/same-process.js';
import { settingsOf } from '../../testing/http-bench.js';
import { builtInTransports, loadTransport } from '../../transports/index.js';
import { BrowserClients } from './browser-clients.js';
import { browserProblem, Chromium } from './chromium.js';

const MESSAGES = 50;

/** Has the library write what crosses between it and the browser; it looks at these when it is loaded. */
const logFile = vi.hoisted(() => {
  const file = `${process.env.TMPDIR ?? '/tmp'}/rtbench-devtools-${process.pid}.log`;
  process.env.DEBUG = 'pw:protocol';
  process.env.DEBUG_FILE = file;
  return file;
});

afterAll(() => rm(logFile, { force: true }));

const problem = await browserProblem();

/** The library sees every page first, and may still be leaving those that are not its own. */
const LETTING_GO = /Target\.detach|"result":\{\}|^$/;

/** Lines of the log once it shows this. */
async function logged(text: string): Promise<string[]> {
  for (;;) {
    const lines = (await readFile(logFile, 'utf8')).split('\n');
    if (lines.some((line) => line.includes('RECV') && line.includes(text))) return lines;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test.skipIf(problem !== undefined).each(['sse', 'websocket', 'long-polling'])(
  'while %s brings messages to a page, DevTools says nothing',
  async (name) => {
    const { module = '' } = builtInTransports.find((transport) => transport.name === name) ?? {};
    const transport = await loadTransport(module);
    const pageHalf = await transport.page?.();
    if (!pageHalf) throw new Error('no page half');
    const settings = settingsOf(transport);
    const transports = [{ module, settings }];
    const server = await ReferenceServer.open({
      ...HUB_OPTIONS,
      transports,
      payload: 'text',
      addresses: ['127.0.0.1'],
    });
    const url = server.urls[0]?.[0] ?? '';
    const chromium = await Chromium.launch();
    try {
      const clock = new HostClock(process.hrtime.bigint());
      const browser = await BrowserClients.open({ chromium, pageHalf, urls: new Map([[0, url]]), clock });
      // What is asked of a page that DevTools is still attached to marks a place in the log.
      const marker = await chromium.openPage(url);
      let arrived = 0;
      let heard = () => {};
      const connection = await browser.clientHalf.connect({
        ...{
          urls: [url],
          clientId: 0,
          channels: ['news'],
          since: null,
          settings,
          tls: null,
          payload: 'text',
          phase: 0,
        },
        publishes: false,
        signal: AbortSignal.timeout(60_000),
        onMessage() {
          arrived++;
          heard();
        },
        onDrop: () => {},
        onGap: () => {},
        onSendFailed: () => {},
      });
      await marker.evaluate(`'begin of ${name}'`);
      for (let sent = 1; sent <= MESSAGES; sent++) {
        const come = new Promise<void>((resolve) => {
          heard = () => arrived === sent && resolve();
        });
        server.hub.publish('news', Buffer.from(`message ${sent}`));
        await come;
      }
      await marker.evaluate(`'end of ${name}'`);
      const lines = await logged(`end of ${name}`);
      const begin = lines.findLastIndex((line) => line.includes(`begin of ${name}`));
      const end = lines.findIndex((line) => line.includes(`end of ${name}`));
      expect([begin > 0, lines.slice(begin + 1, end).filter((line) => !LETTING_GO.test(line))]).toEqual([true, []]);
      await connection.close();
      await browser.close();
    } finally {
      await chromium.close();
      await server.close();
    }
  },
);
