import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUILT_CLI, rtbench, withFolder } from '../testing/cli.js';

test('what ships is what theory says', async () => {
  const { code, stdout, stderr } = await rtbench(['verify', '--json', '-']);
  const document = JSON.parse(stdout);
  expect(document.sections.flatMap(({ checks }: Section) => checks.filter(({ state }) => state === 'failed'))).toEqual(
    [],
  );
  expect(document).toMatchObject({ passed: true, interrupted: false, node: process.version });
  const kinds = new Set(document.sections.map(({ kind }: Section) => kind));
  expect([...kinds]).toEqual(['bytes', 'comparison', 'emptyPolls', 'secondMessage', 'pollWaits', 'delivery']);
  expect(stderr).toMatch(/\d+ checks: \d+ passed, 0 failed/);
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(code).toBe(0);
});

test('one framing byte more fails, exits with 1 and names the row', async () => {
  await withFolder(async (folder) => {
    const wrap = new URL('../testing/one-byte-more/wrap.js', import.meta.url).href;
    const websocket = new URL('transports/websocket/index.js', `file://${BUILT_CLI}`).href;
    const module = join(folder, 'one-byte-more.mjs');
    await writeFile(
      module,
      `import { oneByteMore } from '${wrap}';
       import websocket from '${websocket}';
       export default oneByteMore(websocket);`,
    );
    const { code, stdout } = await rtbench(['verify', '-t', module]);
    expect(stdout).toMatch(/message 20 B +22 +23 +1 +0 +0 +0 +FAIL/);
    expect(stdout).toContain('• One byte more, message 65,536 B down: theory 65,546 B, measured 65,547 B');
    // The byte is taken off again: everything else holds.
    expect(stdout).toMatch(/\d+ passed, 8 failed/);
    expect(code).toBe(1);
  });
});

test('a poll that would take for ever is refused', async () => {
  const { code, stderr } = await rtbench(['verify', '-t', 'short-polling:intervalMs=1h']);
  expect(stderr).toMatch(/--transport: Short polling .*may wait 3600s; verify takes 2s or less/);
  expect(code).toBe(2);
});

interface Section {
  readonly kind: string;
  readonly checks: readonly { readonly state: string }[];
}
