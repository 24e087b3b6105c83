import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Baseline } from '../report/baseline/schema.js';
import { BUILT_CLI, rtbench, withFolder } from '../testing/cli.js';

/** A transport module whose server writes `more` bytes more around a message. */
function moduleText(more: 0 | 1): string {
  const wrap = new URL('../testing/one-byte-more/wrap.js', import.meta.url).href;
  const websocket = new URL('transports/websocket/index.js', `file://${BUILT_CLI}`).href;
  return `import { oneByteMore } from '${wrap}';
    import websocket from '${websocket}';
    const longer = oneByteMore(websocket);
    export default ${more === 1} ? longer : { ...websocket, profile: longer.profile };`;
}

describe('check', () => {
  test('what ships is what the committed baseline says', async () => {
    const committed = new URL('../../rtbench-baseline.json', import.meta.url).pathname;
    const { code, stdout } = await rtbench(['check', '--baseline', committed]);
    expect(stdout).toMatch(/^pass: \d+ exact figures as in the baseline/);
    expect(code).toBe(0);
  });

  test('one byte more fails, exits with 1 and names the figure; saved anew, it passes', () =>
    withFolder(async (folder) => {
      const [module, baseline] = [join(folder, 'mine.mjs'), join(folder, 'baseline.json')];
      const checked = (...flags: string[]) => rtbench(['check', '-t', module, '--baseline', baseline, ...flags]);
      await writeFile(module, moduleText(0));
      const saved = await checked('--save-baseline');
      expect(saved).toMatchObject({ code: 0, stdout: expect.stringContaining(`Saved ${baseline}`) });
      const { rows } = JSON.parse(await readFile(baseline, 'utf8')) as Baseline;
      expect(rows[0]?.figures['message 100 B']).toEqual({ down: 102, up: 0 });
      expect((await checked()).code).toBe(0);

      await writeFile(module, moduleText(1));
      const { code, stdout } = await checked('--json', join(folder, 'check.json'));
      expect(code).toBe(1);
      expect(stdout).toMatch(/regression: 8 of \d+ exact figures are not/);
      expect(stdout).toMatch(/One byte more +message 100 B ↓ +102 +103 +\+1/);
      expect(JSON.parse(await readFile(join(folder, 'check.json'), 'utf8'))).toMatchObject({
        kind: 'check',
        passed: false,
      });

      expect((await checked('--save-baseline')).code).toBe(0);
      expect((await checked()).code).toBe(0);
    }));

  test('without a baseline, or with another file, it says how to make one', () =>
    withFolder(async (folder) => {
      const absent = await rtbench(['check', '--baseline', join(folder, 'none.json')]);
      expect(absent).toMatchObject({ code: 2, stderr: expect.stringContaining('rtbench check --save-baseline') });
      const file = join(folder, 'other.json');
      await writeFile(file, '{"kind":"sweep"}');
      expect((await rtbench(['check', '--baseline', file])).stderr).toContain('is no baseline');
    }));
});
