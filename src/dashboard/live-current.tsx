import { Box, Text } from 'ink';
import { OUTLINE_PARTS } from '../metrics/histogram.js';
import type { RunStep } from '../suite/events.js';
import { formatCount } from '../units.js';
import { latencyText, upTo } from './figures.js';
import { axis, bars, percentiles } from './histogram.js';
import { paint } from './paint.js';
import { type CurrentRun, isOpenEnded, type View } from './store.js';

const STEP_TEXT: Readonly<Record<RunStep, string>> = {
  start: 'starting its server',
  connect: 'connecting the clients',
  warmup: 'warming up',
  settle: 'waiting for the last of the warm-up',
  measure: 'measuring',
  drain: 'waiting for the last messages',
  stop: 'stopping',
  roundTrips: 'counting round trips',
};

const INDENT = 2;

export interface CurrentProps {
  readonly view: View;
  /** Lines of bars; 0: none. */
  readonly barLines: number;
  readonly width: number;
  readonly color: boolean;
}

/** The run under way: its step, what was delivered, and its latency as it forms. The same height at every moment. */
export function Current({ view, barLines, width, color }: CurrentProps) {
  const { current } = view;
  return (
    <Box flexDirection="column">
      <Title view={view} color={color} />
      <Text wrap="truncate">{current === null ? ' ' : delivered(current, barLines > 0) || ' '}</Text>
      {barLines > 0 ? <Bars view={view} barLines={barLines} width={width} color={color} /> : null}
    </Box>
  );
}

function Title({ view: { current, plan, state, pause }, color }: Pick<CurrentProps, 'view' | 'color'>) {
  if (current === null) return <Text bold={pause === 'waiting'}>{betweenText(state, pause)}</Text>;
  const { run, step } = current;
  const round = `round ${run.round + 1} of ${upTo(plan.scenario.rounds, isOpenEnded(plan))}`;
  return (
    <Text wrap="truncate">
      <Text {...paint(color, 'cyan')}>▸ </Text>
      <Text bold>{plan.rows[run.row]?.label}</Text>
      {` · ${round}${step === null ? '' : ` · ${STEP_TEXT[step]}`}`}
    </Text>
  );
}

function betweenText(state: View['state'], pause: View['pause']): string {
  if (state !== 'running') return 'All runs are over';
  return pause === 'waiting' ? 'Paused before the next run: p goes on' : 'Between two runs';
}

function delivered({ progress, deliveriesPerSecond }: CurrentRun, hasBars: boolean): string {
  if (progress === null) return '';
  const { delivered, expected, latency, serverCpuShare } = progress;
  const parts = [`  delivered ${formatCount(delivered)}${expected > 0 ? ` of ${formatCount(expected)}` : ''}`];
  // Where there are bars, the percentiles have a line of their own.
  if (!hasBars) parts.push(`p50 ${latencyText(latency?.p50Us ?? null)}`, `p99 ${latencyText(latency?.p99Us ?? null)}`);
  if (hasBars && deliveriesPerSecond !== null) parts.push(`${formatCount(deliveriesPerSecond)}/s`);
  if (hasBars && serverCpuShare !== null) parts.push(`server CPU ${Math.round(100 * serverCpuShare)} %`);
  return parts.join(' · ');
}

/** Until a run has a latency of its own, that of the one before stays, pale and with its name. */
function Bars({ view: { current, before }, barLines, width, color }: CurrentProps) {
  const own = current?.progress?.latency ?? null;
  const outline = own ?? before?.latency ?? null;
  if (outline === null) return <Box height={barLines + 2} />;
  const columnWidth = Math.max(1, Math.min(3, Math.floor((width - INDENT) / OUTLINE_PARTS)));
  const whose = own === null && before !== null ? `${before.label} before: ` : '';
  return (
    <Box flexDirection="column" paddingLeft={INDENT}>
      <Text wrap="truncate" dimColor={own === null} {...paint(color, 'cyan')}>
        {bars(outline.counts, barLines, columnWidth).join('\n')}
      </Text>
      <Text dimColor wrap="truncate">
        {axis(outline, columnWidth * OUTLINE_PARTS)}
      </Text>
      <Text dimColor={own === null} wrap="truncate">{`${whose}${percentiles(outline)}`}</Text>
    </Box>
  );
}
