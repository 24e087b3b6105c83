import { render } from 'ink';
import type { Dashboard } from './dashboard.js';
import { LiveView } from './live-view.js';
import { fold, type View } from './store.js';

/** Time between two frames, ms. A benchmark shares its machine with this view: fewer frames, truer figures. */
const FRAME_MS = 200;

export interface LiveOptions {
  readonly stream: NodeJS.WriteStream;
  readonly color: boolean;
}

/** Shows a suite in place on a terminal; leaves the keyboard alone, so that Ctrl-C stays the terminal's signal. */
export function openLive({ stream, color }: LiveOptions): Dashboard {
  let view: View | null = null;
  let eventAt = performance.now();
  const frame = () => {
    const atMs =
      view === null || view.state !== 'running' ? (view?.atMs ?? 0) : view.atMs + performance.now() - eventAt;
    return <LiveView view={view} atMs={atMs} columns={stream.columns ?? 80} rows={stream.rows ?? 24} color={color} />;
  };
  const ink = render(frame(), { stdout: stream, stderr: stream, exitOnCtrlC: false, patchConsole: false });
  const draw = () => ink.rerender(frame());
  const timer = setInterval(draw, FRAME_MS);
  stream.on('resize', draw);
  return {
    onEvent(event) {
      view = fold(view, event);
      eventAt = performance.now();
    },
    async close() {
      clearInterval(timer);
      stream.off('resize', draw);
      ink.clear();
      ink.unmount();
      await ink.waitUntilExit();
    },
  };
}
