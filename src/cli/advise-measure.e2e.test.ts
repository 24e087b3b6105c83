import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Advice } from '../report/advice/schema.js';
import { rtbench, withFolder } from '../testing/cli.js';

test('measured now, and found again the next time', () =>
  withFolder(async (cwd) => {
    const scenario = await readFile(new URL('../../scenarios/default.yaml', import.meta.url), 'utf8');
    await writeFile(
      join(cwd, 'small.yaml'),
      `${scenario
        .replace(/^name: .*$/m, 'name: small')
        .replace(/^clients: .*$/m, 'clients: 6')
        .replace(/^duration: .*$/m, 'duration: 500ms')
        .replace(/^warmup: .*$/m, 'warmup: 200ms')}\ntransports: [sse, websocket, grpc]\n`,
    );
    const measured = await rtbench(['advise', './small.yaml', '--measure', '--rounds', '1', '--json', 'a.json'], {
      cwd,
    });
    const advice: Advice = JSON.parse(await readFile(join(cwd, 'a.json'), 'utf8'));
    // What no browser reaches is not measured.
    expect(measured.stderr).toMatch(/^Measuring SSE, WebSocket: about \d+ s/);
    // Whether the figures are sound is the machine's affair.
    const sound = advice.basis === 'measurement';
    expect(measured.code).toBe(sound ? 0 : 3);
    expect(advice.evidence?.file ?? 'none').toMatch(sound ? /^reports.*-small/ : /^none$/);
    const again = await rtbench(['advise', './small.yaml', '--json', '-'], { cwd });
    expect((JSON.parse(again.stdout) as Advice).evidence?.file).toBe(advice.evidence?.file);
  }));

test('a scaled scenario, measured to a finished answer', { timeout: 240_000 }, () =>
  withFolder(async (cwd) => {
    const { code, stdout } = await rtbench(
      ['advise', 'dashboard-refresh', '--measure', '--rounds', '1', '--quiet', '--json', 'advice.json'],
      { cwd, env: { NO_COLOR: '1' } },
    );
    const advice: Advice = JSON.parse(await readFile(join(cwd, 'advice.json'), 'utf8'));
    const text = stdout.replace(/\s+/g, ' ');
    // The rule: its table has this very case.
    expect(advice.guide.useCase).toMatchObject({ name: 'Dashboard with 30s refresh', recommends: ['Short Polling'] });
    expect(text).toContain('its table, "Dashboard with 30s refresh"');
    expect(advice.toleratesMs).toBe(40_000);
    expect(text).toContain('What would change the answer');
    expect(text).toContain(
      'At other rates of messages: not measured; run `rtbench sweep dashboard-refresh --vary rate=12/s..1200/s`',
    );
    const again = await rtbench(['report', 'advice.json'], { cwd, env: { NO_COLOR: '1' } });
    expect(again.stdout).toBe(stdout);
    if (advice.basis === 'facts') {
      // Whether the figures are sound is the machine's affair.
      expect([code, advice.notes.join()]).toEqual([
        3,
        expect.stringContaining('nothing that can do it was measured soundly'),
      ]);
      return;
    }
    expect(code).toBe(0);
    expect(text).toMatch(/What was measured (agrees with the guide|contradicts the guide, because|leaves it open): /);
    expect(text).toContain('Measured 60 times as fast as in life: 667 ms here stand for 40 s');
    const [best] = advice.options;
    expect(best).toMatchObject({
      place: 1,
      tolerance: 'within',
      p99Us: expect.any(Number),
      bytesPerMessage: expect.any(Number),
    });
    expect(advice.inFavour[0]).toMatch(/^in time: p99 .* ms, within 667 ms in every round$/);
    if (advice.runnerUp !== null)
      expect(advice.inFavour[1]).toMatch(/server CPU .* per delivery of .*, the runner-up$/);
    expect(advice.evidence?.operatingPoint).toBe('25 clients and 120 messages/s');
  }),
);
