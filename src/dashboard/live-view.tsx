import { Box, Text } from 'ink';
import { caveatsOf } from './caveats.js';
import { upTo } from './figures.js';
import type { Ui } from './keys.js';
import { type Layout, layoutOf } from './layout.js';
import { Caveats } from './live-caveats.js';
import { Current } from './live-current.js';
import { Footer } from './live-footer.js';
import { Header } from './live-header.js';
import { Help } from './live-help.js';
import { Runs } from './live-runs.js';
import { Table } from './live-table.js';
import { isOpenEnded, type View } from './store.js';

export interface LiveViewProps {
  readonly view: View | null;
  readonly ui: Ui;
  /** Whether keys are read. */
  readonly hasKeys: boolean;
  /** Time since the suite began, ms. */
  readonly atMs: number;
  /** Size of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

const MAX_COLUMNS = 110;

/** The whole frame; always lower than the terminal, since a frame as high as it cannot be redrawn in place. */
export function LiveView({ view, ui, hasKeys, atMs, columns, rows, color }: LiveViewProps) {
  if (view === null) return <Text>Planning…</Text>;
  const width = Math.min(columns, MAX_COLUMNS);
  const caveats = ui.panel === 'table' ? caveatsOf(view) : [];
  const whole = layoutOf(rows, view.rows.length, caveats.length);
  // What is there to be read has the room of what is there to be watched.
  const layout = ui.panel === 'help' ? { ...whole, barLines: 0 } : whole;
  return (
    <Box
      flexDirection="column"
      width={width}
      {...(layout.tableLines === 0 ? { height: rows - 1, overflowY: 'hidden' } : {})}
    >
      <Header view={view} atMs={atMs} width={width} color={color} />
      <Box flexDirection="column" marginTop={layout.blank}>
        <Current view={view} barLines={layout.barLines} width={width} color={color} />
      </Box>
      <Box flexDirection="column" marginTop={layout.blank}>
        <Panel view={view} ui={ui} layout={layout} rows={rows} width={width} color={color} />
      </Box>
      {layout.caveatLines > 0 ? (
        <Box marginTop={1}>
          <Caveats caveats={caveats} room={layout.caveatLines - 1} color={color} />
        </Box>
      ) : null}
      <Box marginTop={layout.blank}>
        <Footer view={view} ui={ui} hasKeys={hasKeys} />
      </Box>
    </Box>
  );
}

interface PanelProps {
  readonly view: View;
  readonly ui: Ui;
  readonly layout: Layout;
  readonly rows: number;
  readonly width: number;
  readonly color: boolean;
}

function Panel({ view, ui, layout, rows, width, color }: PanelProps) {
  const room = otherRoom(layout, rows);
  if (ui.panel === 'help') return <Help room={room + 1} />;
  if (ui.panel === 'runs') return <Runs view={view} room={Math.min(room, view.plan.runs.length)} color={color} />;
  const rounds = upTo(view.plan.scenario.rounds, isOpenEnded(view.plan));
  return <Table view={view} rounds={rounds} width={width} room={layout.tableLines} color={color} />;
}

/** Lines below its head for a panel that may be higher than the table: all that is left. */
function otherRoom({ blank, barLines }: Layout, rows: number): number {
  const current = 2 + (barLines > 0 ? barLines + 2 : 0);
  return Math.max(0, rows - 1 - 2 - current - 1 - 1 - 3 * blank);
}
