import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../report/schema.js';
import { Cli, withFolder } from '../testing/cli.js';
import { HOSTILE, type Hostility } from '../testing/hostile-servers.js';
import { watchTree } from '../testing/tree-watch.js';

const TECHNIQUES = ['sse', 'websocket', 'short-polling:intervalMs=100'];
const LOAD = ['--clients', '2', '--probes', '2', '--rate', '50/s', '--warmup', '200ms', '--duration', '1s'];
const ROWS = TECHNIQUES.flatMap((spec) => ['-t', spec]);
/** Two processes of Node with room for what clients may be made to keep, 4 MiB each. */
const MAX_TREE_BYTES = 700 * 1024 * 1024;

const STRANGE = /never came; .* came without a stamp of rtbench/;
const NO_SENSE = /a poll's answer makes no sense: .*server-contract/;

/** What is said of each technique: of all in one, or of SSE, WebSocket and polling. */
const SAID: Record<Hostility, RegExp | readonly RegExp[]> = {
  'refuses connections': /ECONNREFUSED.*: nothing listens there/,
  'never answers': /no connection and no answer within 1 s/,
  'closes in the middle of the handshake': /the server ended the connection/,
  'answers with another content type': [
    /it does not answer with an event stream there/,
    /response: 200: it does not take a WebSocket there/,
    NO_SENSE,
  ],
  'sends headers without an end': /the head of its answer is larger than a client takes/,
  'redirects in a loop': /302.*: it redirects, and redirects are not followed/,
  'has a certificate that nobody trusts': /its certificate is not trusted/,
  'sends a message of a gibibyte': [
    /an event of more than 4194304 bytes/,
    /a message is longer than a client takes/,
    /an answer of more than 4194304 bytes/,
  ],
  'sends what is no UTF-8': [STRANGE, /UTF-?8/i, NO_SENSE],
  'sends what the protocol does not know': [/the server ended the stream/, /opcode/i, NO_SENSE],
  'sends more than anybody can read': STRANGE,
};

async function measure(what: Hostility, url: string, folder: string) {
  const answerWithin = what === 'never answers' ? '1s' : '20s';
  writeFileSync(join(folder, 'mine.yaml'), `target: { url: '${url}', answerWithin: ${answerWithin} }\n`);
  const cli = new Cli(['run', './mine.yaml', ...LOAD, ...ROWS, '--rounds', '1', '--no-ui', '--out', 'out'], {
    cwd: folder,
  });
  const watch = watchTree(cli.pid);
  const finished = await cli.finished();
  watch.stop();
  const { transports } = JSON.parse(readFileSync(join(folder, 'out', 'result.json'), 'utf8')) as Report;
  return { ...finished, transports, watch };
}

describe.concurrent('a target that', () => {
  test.each(Object.keys(HOSTILE) as Hostility[])(
    '%s is named with what it did, within bounds, and nothing is left behind',
    (what) =>
      withFolder(async (folder) => {
        const server = await HOSTILE[what]();
        try {
          const { code, stdout, transports, watch } = await measure(what, server.url, folder);
          expect(code).toBe(3);
          const said = SAID[what];
          for (const [index, { transport, verdict, reasons }] of transports.entries()) {
            expect([transport, verdict]).toEqual([TECHNIQUES[index]?.split(':')[0], 'invalid']);
            const expected = said instanceof RegExp ? said : said[index];
            expect(reasons.join('; ')).toMatch(expected ?? /^nothing$/);
            expect(stdout.replace(/\s+/g, ' ')).toMatch(expected ?? /^nothing$/);
          }
          expect(transports).toHaveLength(TECHNIQUES.length);
          expect(stdout).toContain(new URL(server.url).host);
          expect(watch.peakBytes).toBeLessThan(MAX_TREE_BYTES);
          expect(watch.left).toEqual([]);
        } finally {
          server.close();
        }
      }),
    // Several run at a time, each in three times two processes.
    300_000,
  );
});
