import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseReport } from '../report/report.js';
import { rtbench, withFolder } from '../testing/cli.js';
import { Terminal, terminalProblem } from '../testing/tmux.js';

const problem = terminalProblem();
if (problem !== undefined) console.warn(`${problem}: what is done by keys is not tested`);

const QUICK = '--no-floor --clients 6 --probes 2 --rate 50/s --warmup 200ms --out out';

async function inTerminal(
  args: string,
  use: (terminal: Terminal, folder: string) => Promise<void>,
  size: { columns?: number; rows?: number } = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const terminal = new Terminal(args, { cwd: folder, ...size });
    try {
      await use(terminal, folder);
    } finally {
      terminal.close();
    }
  });
}

function reportIn(folder: string) {
  const file = join(folder, 'result.json');
  return parseReport(readFileSync(file, 'utf8'), file);
}

describe.skipIf(problem !== undefined)('rtbench alone, in a terminal', () => {
  test('asks what to measure, shows the command that does it, and runs it', async () => {
    await inTerminal('', async (terminal, folder) => {
      await terminal.shows(/▸ default/);
      terminal.press('Enter');
      await terminal.shows(/▸ \[x\] short-polling/);
      terminal.press('Space', 'Down', 'Space', 'Down', 'Down', 'Space', 'Down', 'Space', 'Enter');
      await terminal.shows(/▸ clients/);
      terminal.type('6');
      terminal.press('Down');
      terminal.type('50/s');
      terminal.press('Down', 'Down');
      terminal.type('1s');
      terminal.press('Down');
      terminal.type('none');
      await terminal.shows(/`none` is not a whole number/);
      terminal.press('BSpace', 'BSpace', 'BSpace', 'BSpace', '1');
      await terminal.shows(/50 messages\/s · 300 deliveries\/s/);
      terminal.press('Enter');
      const command = 'rtbench run default -t sse --clients 6 --rate 50/s --duration 1s --rounds 1';
      await terminal.shows(/Ready to run/);
      expect(terminal.screen.replace(/\s+/g, ' ')).toContain(command);
      terminal.press('s', 'Enter');
      await terminal.shows(/Saved: \.\/my-default\.yaml/);
      terminal.press('Enter');
      await terminal.shows(/▸ SSE|▸ TCP/);
      expect([0, 3]).toContain(await terminal.ended());
      expect(terminal.everything).toContain(`$ ${command.slice(0, 70)}`);
      const [report = ''] = readdirSync(join(folder, 'reports'));
      expect(reportIn(join(folder, 'reports', report))).toMatchObject({
        command,
        scenario: { workload: { clients: 6, ratePerSecond: 50, durationMs: 1_000 }, rounds: 1 },
        transports: [{ transport: 'sse' }, { transport: 'tcp' }],
      });
      const again = await rtbench(['run', './my-default.yaml', '--dry-run'], { cwd: folder });
      expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('6 clients')]);
    });
  });

  test.each([
    ['q', 0],
    ['C-c', 130],
  ])('%s leaves, with nothing left on the screen', async (key, code) => {
    await inTerminal('', async (terminal) => {
      await terminal.shows(/▸ default/);
      terminal.press(key);
      expect(await terminal.ended()).toBe(code);
      expect(terminal.everything).toMatch(/^EXIT/);
    });
  });
});

test('rtbench alone, where nobody can be asked, is help', async () => {
  const { code, stdout } = await rtbench([]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('Usage: rtbench')]);
});

describe.skipIf(problem !== undefined)('keys in the live view', () => {
  test('p waits before the next run and goes on, s skips a technique, q stops and keeps; the terminal is as it was', async () => {
    const args = `run -t sse -t websocket ${QUICK} --duration 2s --rounds 3`;
    await inTerminal(args, async (terminal, folder) => {
      await terminal.shows(/▸ (SSE|WebSocket) · round 1 of 3/);
      terminal.press('p');
      await terminal.shows(/do not pause after this run/);
      await terminal.shows(/Paused before the next run/);
      expect(terminal.screen).toMatch(/1\/6 runs/);
      terminal.press('d');
      await terminal.shows(/run {2}round {2}transport/);
      terminal.press('?');
      await terminal.shows(/skip what is left of this technique/);
      terminal.press('?');
      terminal.press('p');
      await terminal.shows(/▸ (SSE|WebSocket) · round 1 of 3 · measuring/);
      terminal.press('s');
      await terminal.shows(/Skip the rest of (SSE|WebSocket)\? y\/n/);
      terminal.press('y');
      await terminal.shows(/2\/6 runs|3\/6 runs|4\/6 runs/);
      await terminal.shows(/▸ (SSE|WebSocket) · round 2 of 3/);
      terminal.press('q');
      await terminal.shows(/Stop, and keep what was measured\? y\/n/);
      terminal.press('y');
      expect(await terminal.ended()).toBe(130);
      await terminal.shows(/ icanon/);
      const { interrupted, transports } = reportIn(join(folder, 'out'));
      expect(interrupted).toBe(true);
      const ends = transports.flatMap(({ rounds }) =>
        rounds.map((run) => (run.state === 'aborted' ? run.reason : run.state)),
      );
      expect(ends.filter((end) => end === 'skipped by you').length).toBeGreaterThanOrEqual(1);
      expect(ends).toContain('completed');
    });
  });

  test('Ctrl-C is a key there, and stops and keeps', async () => {
    await inTerminal(`run -t sse ${QUICK} --duration 2s --rounds 3`, async (terminal, folder) => {
      await terminal.shows(/1\/3 runs/);
      terminal.press('C-c');
      expect(await terminal.ended()).toBe(130);
      expect(reportIn(join(folder, 'out'))).toMatchObject({ interrupted: true, transports: [{ state: 'completed' }] });
    });
  });
});
