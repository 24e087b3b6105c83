import { render } from 'ink';
import { describe, expect, it, vi } from 'vitest';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { Screen } from '../testing/screen.js';
import { EventScript, type ExampleName, examplePlan } from '../testing/suite-events.js';
import { openLive } from './live.js';
import { LiveView } from './live-view.js';
import { fold, type View } from './store.js';

// Before ink is loaded, which looks at them once: it draws nothing in CI, and no colours where tests run.
vi.hoisted(() => Object.assign(process.env, { CI: 'false', CONTINUOUS_INTEGRATION: 'false', FORCE_COLOR: '1' }));

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a colour begins with
const COLOR = /\u001B\[3\dm/;
const SHOW_CURSOR = '\u001B[?25h';
const HIDE_CURSOR = '\u001B[?25l';
const CLEAR_SCROLLBACK = '\u001B[3J';

const ALL: readonly ExampleName[] = ['shortPolling', 'longPolling', 'sse', 'webSocket', 'grpc', 'tcp'];

/** A first round whose last row failed, and the second round's second run in the middle of its window. */
function midway(): EventScript {
  const script = new EventScript(examplePlan(ALL, 3));
  for (const [index, name] of ALL.slice(0, 5).entries()) script.run(index, 5_000, exampleRun(EXAMPLE_ROWS[name], 0));
  script.run(5, 2_000, { state: 'failed', round: 0, reason: 'the server process ended: Error: listen EADDRINUSE' });
  script.run(6, 5_000, exampleRun(EXAMPLE_ROWS.shortPolling, 1)).start(7).step(7, 'measure');
  return script.wait(2_500).progress(7, 12_300, 2_140, 4_870);
}

/** The frame of a view on a terminal, drawn once. */
function drawn(script: EventScript, columns: number, rows: number, color = false): Screen {
  const screen = new Screen(columns, rows);
  const view = script.events.reduce<View | null>(fold, null);
  const element = <LiveView view={view} atMs={script.atMs} columns={columns} rows={rows} color={color} />;
  render(element, { stdout: asTerminal(screen), patchConsole: false }).unmount();
  return screen;
}

function asTerminal(screen: Screen): NodeJS.WriteStream {
  return screen as unknown as NodeJS.WriteStream;
}

describe('a frame', () => {
  it('at 80 columns and 24 rows', () => {
    expect(drawn(midway(), 80, 24).text).toMatchInlineSnapshot(`
      "Broadcast: one feed to many readers                       0:34 · about 45 s left
      █████████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 7/18 runs

      ▸ Long polling · round 2 of 3 · measuring
        delivered 12,300 of 30,000 · p50 2.14 ms · p99 4.87 ms

        transport       rounds   p50 ms   p99 ms  verdict
        Short polling      2/3      251      495  valid
        Long polling       1/3     2.15     5.67  valid
        SSE                1/3     0.82     1.88  valid
        WebSocket          1/3     0.79     1.81  valid
        gRPC stream        1/3     1.18     2.84  valid
        TCP (floor)        1/3        –        –  failed: the server process ended: E…

      Ctrl-C stops and keeps what was measured (again: at once)"
    `);
  });

  it('at 60 columns and 15 rows leaves the air out', () => {
    expect(drawn(midway(), 60, 15).text).toMatchInlineSnapshot(`
      "Broadcast: one feed to many readers   0:34 · about 45 s left
      █████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 7/18 runs
      ▸ Long polling · round 2 of 3 · measuring
        delivered 12,300 of 30,000 · p50 2.14 ms · p99 4.87 ms
        transport       rounds   p50 ms   p99 ms  verdict
        Short polling      2/3      251      495  valid
        Long polling       1/3     2.15     5.67  valid
        SSE                1/3     0.82     1.88  valid
        WebSocket          1/3     0.79     1.81  valid
        gRPC stream        1/3     1.18     2.84  valid
        TCP (floor)        1/3        –        –  failed: the ser…
      Ctrl-C stops and keeps what was measured (again: at once)"
    `);
  });

  it('at 40 columns and 10 rows leaves rows out and says so', () => {
    expect(drawn(midway(), 40, 10).text).toMatchInlineSnapshot(`
      "Broadcast: one …  0:34 · about 45 s left
      █████████████░░░░░░░░░░░░░░░░░ 7/18 runs
      ▸ Long polling · round 2 of 3 · measuri…
        delivered 12,300 of 30,000 · p50 2.14…
        transport       rounds   p50 ms   p99
        Short polling      2/3      251      4
        Long polling       1/3     2.15     5.
        … 4 more at the end
      Ctrl-C stops and keeps what was measure…"
    `);
  });

  it('a long label leaves room for the verdict and shows what tells variants apart', () => {
    const plan = examplePlan(['shortPolling'], 1);
    const rows = plan.rows.map((row) => ({ ...row, label: 'Short polling intervalMs=2s' }));
    const script = new EventScript({ ...plan, rows }).run(0, 5_000, exampleRun(EXAMPLE_ROWS.shortPolling, 0));
    expect(drawn(script, 60, 15).text).toMatch(/\n {2}Short pol…rvalMs=2s +1\/1 +251 +495 {2}valid\n/);
    expect(drawn(script, 80, 24).text).toMatch(/\n {2}Short polling intervalMs=2s +1\/1 +251 +495 {2}valid\n/);
  });

  it('before the plan, before the first run and at the end', () => {
    const screen = new Screen(60, 15);
    render(<LiveView view={null} atMs={0} columns={60} rows={15} color={false} />, {
      stdout: asTerminal(screen),
      patchConsole: false,
    }).unmount();
    expect(screen.text).toBe('Planning…');
    const planned = drawn(new EventScript(examplePlan(['sse'], 1)), 60, 15).text;
    expect(planned).toContain('Between two runs');
    expect(planned).not.toContain('verdict');
    const over = new EventScript(examplePlan(['sse'], 1)).run(0, 4_000, exampleRun(EXAMPLE_ROWS.sse, 0)).finish();
    expect(drawn(over, 60, 15).text).toMatch(/0:04\n█+ 1\/1 runs\n\nAll runs are over/);
  });

  it.each([
    [80, 24],
    [60, 15],
    [120, 40],
    [40, 8],
    [30, 5],
  ])('at %d × %d fits, and leaves the last line free', (columns, rows) => {
    const lines = drawn(midway(), columns, rows).text.split('\n');
    expect(lines.length).toBeLessThan(rows);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('colours are an addition: without them the text is the same', () => {
    const [plain, colored] = [drawn(midway(), 80, 24, false), drawn(midway(), 80, 24, true)];
    expect(colored.text).toBe(plain.text);
    expect(colored.written).toMatch(COLOR);
    expect(plain.written).not.toMatch(COLOR);
  });
});

describe('openLive', () => {
  const clearing = async (screen: Screen) => {
    const live = openLive({ stream: asTerminal(screen), color: false });
    for (const event of midway().events) live.onEvent(event);
    await screen.shows('delivered 12,300 of 30,000');
    return live;
  };

  it('shows the suite in place and leaves nothing behind', async () => {
    const screen = new Screen(80, 24);
    screen.write('$ rtbench run\n');
    const live = await clearing(screen);
    expect(screen.text).toMatch(/^\$ rtbench run\nBroadcast/);
    expect(screen.text.match(/Broadcast/g)).toHaveLength(1);
    await live.close();
    screen.write('the table\n');
    expect(screen.text).toBe('$ rtbench run\nthe table');
    expect(screen.written.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(screen.written.lastIndexOf(HIDE_CURSOR));
  });

  it('is drawn anew, once and whole, when the terminal gets smaller', async () => {
    const screen = new Screen(80, 24);
    const live = await clearing(screen);
    screen.resize(60, 15);
    await screen.shows('failed: the ser…');
    expect(screen.text.match(/Broadcast/g)).toHaveLength(1);
    expect(screen.text.split('\n').length).toBeLessThan(15);
    await live.close();
    expect(screen.text).toBe('');
  });

  it('never wipes the scrollback, not even where a frame is higher than the terminal has become', async () => {
    const screen = new Screen(80, 24);
    const live = await clearing(screen);
    screen.resize(80, 6);
    screen.resize(80, 24);
    await screen.shows('Ctrl-C');
    await live.close();
    expect(screen.written).not.toContain(CLEAR_SCROLLBACK);
  });

  it('leaves the keyboard and the resizing of its stream as they were', async () => {
    const screen = new Screen(80, 24);
    const before = process.stdin.listenerCount('readable');
    const live = await clearing(screen);
    expect(process.stdin.listenerCount('readable')).toBe(before);
    await live.close();
    expect(screen.listenerCount('resize')).toBe(0);
  });
});
