import { render } from 'ink';
import type { Dashboard } from './dashboard.js';
import { canReadKeys, Keyboard } from './keyboard.js';
import { type Command, FIRST_UI, press } from './keys.js';
import { LiveView } from './live-view.js';
import { fold, type View } from './store.js';
import { endless, sizeOf } from './terminal.js';

/** Time between two frames, ms. A benchmark shares its machine with this view: fewer frames, truer figures. */
const FRAME_MS = 500;

const CLEAR_SCREEN = '\u001B[2J\u001B[H';

export interface LiveOptions {
  readonly stream: NodeJS.WriteStream;
  readonly color: boolean;
  /** Where keys come from; absent, or no terminal: none do, and Ctrl-C stays the terminal's signal. */
  readonly keyboard?: NodeJS.ReadStream | undefined;
  /** Takes what the keys ask for. */
  readonly onCommand?: ((command: Command) => void) | undefined;
}

/** Shows a suite in place on a terminal, and takes keys for it. */
export function openLive({ stream, color, keyboard, onCommand }: LiveOptions): Dashboard {
  let view: View | null = null;
  let ui = FIRST_UI;
  let eventAt = performance.now();
  let size = sizeOf(stream);
  const hasKeys = keyboard !== undefined && onCommand !== undefined && canReadKeys(keyboard);

  const frame = () => {
    const sinceEventMs = view?.state === 'running' ? performance.now() - eventAt : 0;
    const atMs = (view?.atMs ?? 0) + sinceEventMs;
    return <LiveView view={view} ui={ui} hasKeys={hasKeys} atMs={atMs} {...size} color={color} />;
  };
  const draw = () => ink.rerender(frame());
  const pressed = (key: string) => {
    const { ui: after, command } = press(ui, key, view);
    ui = after;
    if (command !== null) onCommand?.(command);
    draw();
  };
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
  const keys = hasKeys ? new Keyboard(keyboard, pressed) : undefined;
  return {
    onEvent(event) {
      view = fold(view, event);
      eventAt = performance.now();
    },
    async close() {
      clearInterval(timer);
      keys?.close();
      stream.off('resize', resized);
      ink.clear();
      ink.unmount();
      await ink.waitUntilExit();
    },
  };
}
