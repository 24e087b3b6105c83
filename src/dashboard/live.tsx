import { render } from 'ink';
import type { Dashboard } from './dashboard.js';
import { LiveView } from './live-view.js';
import { fold, type View } from './store.js';

/** Time between two frames, ms. A benchmark shares its machine with this view: fewer frames, truer figures. */
const FRAME_MS = 500;

const CLEAR_SCREEN = '\u001B[2J\u001B[H';

export interface LiveOptions {
  readonly stream: NodeJS.WriteStream;
  readonly color: boolean;
}

/** Shows a suite in place on a terminal; leaves the keyboard alone, so that Ctrl-C stays the terminal's signal. */
export function openLive({ stream, color }: LiveOptions): Dashboard {
  let view: View | null = null;
  let eventAt = performance.now();
  let size = sizeOf(stream);

  const frame = () => {
    const sinceEventMs = view?.state === 'running' ? performance.now() - eventAt : 0;
    return <LiveView view={view} atMs={(view?.atMs ?? 0) + sinceEventMs} {...size} color={color} />;
  };
  const draw = () => ink.rerender(frame());
  const resized = () => {
    const before = size;
    size = sizeOf(stream);
    // A smaller terminal has already wrapped our lines or pushed them up, where ink's own erasing does not reach.
    if (size.columns < before.columns || size.rows < before.rows) stream.write(CLEAR_SCREEN);
    draw();
  };

  // Before ink's own listener, which draws on what it finds.
  stream.on('resize', resized);
  const ink = render(frame(), { stdout: endless(stream), stderr: stream, exitOnCtrlC: false, patchConsole: false });
  const timer = setInterval(draw, FRAME_MS);
  return {
    onEvent(event) {
      view = fold(view, event);
      eventAt = performance.now();
    },
    async close() {
      clearInterval(timer);
      stream.off('resize', resized);
      ink.clear();
      ink.unmount();
      await ink.waitUntilExit();
    },
  };
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

/** The same stream without a bottom: where a frame does not fit, ink would wipe the terminal's scrollback too. */
function endless(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stream, {
    get(target, key) {
      if (key === 'rows') return Number.POSITIVE_INFINITY;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
