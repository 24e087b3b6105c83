import { render } from 'ink';
import { describe, expect, it, vi } from 'vitest';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { Screen } from '../testing/screen.js';
import { EventScript, type ExampleName, examplePlan } from '../testing/suite-events.js';
import { FIRST_UI, type Ui } from './keys.js';
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
function drawn(script: EventScript, columns: number, rows: number, color = false, ui: Ui = FIRST_UI): Screen {
  const screen = new Screen(columns, rows);
  const view = script.events.reduce<View | null>(fold, null);
  const element = (
    <LiveView view={view} ui={ui} hasKeys atMs={script.atMs} columns={columns} rows={rows} color={color} />
  );
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
        delivered 12,300 of 30,000 · server CPU 12 %
                       ▁▁▁███▆▆▆
                       █████████▇▇▇
                    ▇▇▇███████████████▄▄▄
        ▁▁▁▁▁▁▂▂▂▇▇▇█████████████████████▇▇▇▅▅▅▃▃▃▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁      ▁▁▁
        ──────────────────────p50─────────────p90───────p99─────────────────────
        p50 2.14 · p90 3.50 · p99 4.87 · max 9.74 ms

        transport       rounds   p50 ms   p99 ms  B/msg ↓   CPU µs  verdict
        Short polling      2/3      251      495      318     4.80  valid
      ▸ Long polling       1/3     2.15     5.67      448     58.4  valid
      → SSE                1/3     0.82     1.88      226     13.1  valid
        WebSocket          1/3     0.79     1.81      204     12.6  valid
        gRPC stream        1/3     1.18     2.84      216     27.3  valid
        TCP (floor)        1/3        –        –        –        –  failed: the serve…

      ! TCP (floor): the server process ended: Error: listen EADDRINUSE

      p pause · s skip · q stop · d runs · ? help"
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
      ▸ Long polling       1/3     2.15     5.67  valid
      → SSE                1/3     0.82     1.88  valid
        WebSocket          1/3     0.79     1.81  valid
        gRPC stream        1/3     1.18     2.84  valid
        TCP (floor)        1/3        –        –  failed: the ser…
      p pause · s skip · q stop · d runs · ? help"
    `);
  });

  it('at 40 columns and 10 rows leaves rows out and says so', () => {
    expect(drawn(midway(), 40, 10).text).toMatchInlineSnapshot(`
      "Broadcast: one …  0:34 · about 45 s left
      █████████████░░░░░░░░░░░░░░░░░ 7/18 runs
      ▸ Long polling · round 2 of 3 · measuri…
        delivered 12,300 of 30,000 · p50 2.14…
        transport       p50 ms   p99 ms  verd…
        Short polling      251      495  valid
      ▸ Long polling      2.15     5.67  valid
        … 4 more at the end
      p pause · s skip · q stop · d runs · ? …"
    `);
  });

  it.each([50, 40, 30])('at %d columns cuts no figure off', (columns) => {
    const row = drawn(midway(), columns, 24)
      .text.split('\n')
      .find((line) => line.includes('WebSocket'));
    expect(row).toMatch(columns >= 36 ? / 0\.79 +1\.81(?: |$)/ : / 0\.79(?: |$)/);
  });

  it('a long label leaves room for the verdict and shows what tells variants apart', () => {
    const plan = examplePlan(['shortPolling'], 1);
    const rows = plan.rows.map((row) => ({ ...row, label: 'Short polling intervalMs=2s' }));
    const script = new EventScript({ ...plan, rows }).run(0, 5_000, exampleRun(EXAMPLE_ROWS.shortPolling, 0));
    const lineAt = (columns: number) =>
      drawn(script, columns, 24)
        .text.split('\n')
        .find((line) => line.includes('✓'));
    expect(lineAt(60)).toMatchInlineSnapshot(`"✓ Short pol…rvalMs=2s      1/1      251      495  valid"`);
    expect(lineAt(80)).toMatchInlineSnapshot(
      `"✓ Short poll…ervalMs=2s      1/1      251      495      318     4.85  valid"`,
    );
  });

  it('before the plan, before the first run and at the end', () => {
    const screen = new Screen(60, 15);
    render(<LiveView view={null} ui={FIRST_UI} hasKeys atMs={0} columns={60} rows={15} color={false} />, {
      stdout: asTerminal(screen),
      patchConsole: false,
    }).unmount();
    expect(screen.text).toBe('Planning…');
    const planned = drawn(new EventScript(examplePlan(['sse'], 1)), 60, 15).text;
    expect(planned).toContain('Between two runs');
    expect(planned).toMatch(/→ SSE +0\/1 +– +–/);
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

describe('other panels', () => {
  const at = (columns: number, rows: number, ui: Partial<Ui>, script = midway()) =>
    drawn(script, columns, rows, false, { ...FIRST_UI, ...ui }).text;

  it('the plan run by run, with the run under way in sight', () => {
    expect(at(80, 24, { panel: 'runs' })).toMatchInlineSnapshot(`
      "Broadcast: one feed to many readers                       0:34 · about 45 s left
      █████████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 7/18 runs

      ▸ Long polling · round 2 of 3 · measuring
        delivered 12,300 of 30,000 · server CPU 12 %
                       ▁▁▁███▆▆▆
                       █████████▇▇▇
                    ▇▇▇███████████████▄▄▄
        ▁▁▁▁▁▁▂▂▂▇▇▇█████████████████████▇▇▇▅▅▅▃▃▃▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁      ▁▁▁
        ──────────────────────p50─────────────p90───────p99─────────────────────
        p50 2.14 · p90 3.50 · p99 4.87 · max 9.74 ms

         run  round  transport       p50 ms   p99 ms  verdict
      ✓    4      1  WebSocket         0.79     1.81  valid
      ✓    5      1  gRPC stream       1.18     2.84  valid
      ✓    6      1  TCP (floor)          –        –  failed: the server process ende…
      ✓    7      2  Short polling      251      495  valid
      ▸    8      2  Long polling                     running
           9      2  SSE
          10      2  WebSocket
          11      2  gRPC stream

      p pause · s skip · q stop · d table · ? help"
    `);
    expect(at(60, 15, { panel: 'runs' })).toMatchInlineSnapshot(`
      "Broadcast: one feed to many readers   0:34 · about 45 s left
      █████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 7/18 runs
      ▸ Long polling · round 2 of 3 · measuring
        delivered 12,300 of 30,000 · p50 2.14 ms · p99 4.87 ms
         run  round  transport       p50 ms   p99 ms  verdict
      ✓    4      1  WebSocket         0.79     1.81  valid
      ✓    5      1  gRPC stream       1.18     2.84  valid
      ✓    6      1  TCP (floor)          –        –  failed: the…
      ✓    7      2  Short polling      251      495  valid
      ▸    8      2  Long polling                     running
           9      2  SSE
          10      2  WebSocket
          11      2  gRPC stream
      p pause · s skip · q stop · d table · ? help"
    `);
  });

  it('help', () => {
    expect(at(80, 24, { panel: 'help' })).toMatchInlineSnapshot(`
      "Broadcast: one feed to many readers                       0:34 · about 45 s left
      █████████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 7/18 runs

      ▸ Long polling · round 2 of 3 · measuring
        delivered 12,300 of 30,000 · p50 2.14 ms · p99 4.87 ms

        p    wait before the next run, and go on; the run under way ends first
        s    skip what is left of this technique; what it has measured is kept
        q    stop and keep what was measured; Ctrl-C does it without asking, and
             a second Ctrl-C ends at once
        d    the plan run by run, and back
        ?    this, and back (Esc too)

        Marks: ▸ under way, → next, ✓ all its rounds are over.
        Latency runs from the moment a message was due to the client that has it.
        Verdicts: valid: use it. suspect: read why. saturated: the load was too
        much for it. invalid: no figure of it may be used.

      p pause · s skip · q stop · d runs · ? help"
    `);
  });

  it.each([
    [{ question: { type: 'skip' as const, row: 1 } }, 'Skip the rest of Long polling? y/n'],
    [{ question: { type: 'stop' as const } }, 'Stop, and keep what was measured? y/n'],
    [{ isStopping: true }, 'Stopping, what was measured is kept (Ctrl-C: at once)'],
  ])('the last line says what is asked and done: %j', (ui, text) => {
    expect(at(80, 24, ui).split('\n').at(-1)).toBe(text);
  });

  it('a pause is told when it is asked for and while it lasts', () => {
    const asked = midway().ask('pauseAsked');
    expect(at(80, 24, {}, asked)).toContain('p do not pause after this run · s skip');
    const waiting = asked.end(7, exampleRun(EXAMPLE_ROWS.longPolling, 1)).ask('paused').wait(9_000);
    const text = at(80, 24, {}, waiting);
    expect(text).toContain('· paused\n');
    expect(text).toContain('Paused before the next run: p goes on');
    expect(text).toContain('Long polling before: p50 2.14');
    expect(text.split('\n').at(-1)).toBe('p go on · q stop · d runs · ? help');
  });

  it.each([
    [80, 24],
    [60, 15],
    [40, 8],
    [30, 5],
  ])('fit at %d × %d', (columns, rows) => {
    for (const panel of ['runs', 'help'] as const) {
      const lines = at(columns, rows, { panel }).split('\n');
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });
});

describe('at 120 columns and 40 rows', () => {
  it('the bars are high and every column is there', () => {
    expect(drawn(midway(), 120, 40).text).toMatchInlineSnapshot(`
      "Broadcast: one feed to many readers                                                     0:34 · about 45 s left
      ██████████████████████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 7/18 runs

      ▸ Long polling · round 2 of 3 · measuring
        delivered 12,300 of 30,000 · server CPU 12 %
                       ▁▁▁███▆▆▆
                       █████████▇▇▇
                    ▇▇▇███████████████▄▄▄
        ▁▁▁▁▁▁▂▂▂▇▇▇█████████████████████▇▇▇▅▅▅▃▃▃▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁      ▁▁▁
        ──────────────────────p50─────────────p90───────p99─────────────────────
        p50 2.14 · p90 3.50 · p99 4.87 · max 9.74 ms

        transport       rounds   p50 ms   p99 ms  B/msg ↓   CPU µs  verdict
        Short polling      2/3      251      495      318     4.80  valid
      ▸ Long polling       1/3     2.15     5.67      448     58.4  valid
      → SSE                1/3     0.82     1.88      226     13.1  valid
        WebSocket          1/3     0.79     1.81      204     12.6  valid
        gRPC stream        1/3     1.18     2.84      216     27.3  valid
        TCP (floor)        1/3        –        –        –        –  failed: the server process ended: Error: listen…

      ! TCP (floor): the server process ended: Error: listen EADDRINUSE

      p pause · s skip · q stop · d runs · ? help"
    `);
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
