import { Box, Text } from 'ink';
import { aboutMs, atMostMs, clock, upTo } from './figures.js';
import { paint } from './paint.js';
import { headingOf, isOpenEnded, type View } from './store.js';
import { allLeftMs, doneShare } from './time-left.js';

export interface HeaderProps {
  readonly view: View;
  readonly atMs: number;
  readonly width: number;
  readonly color: boolean;
}

/** What is measured, how long it takes, and how much of it is done. */
export function Header({ view, atMs, width, color }: HeaderProps) {
  const open = isOpenEnded(view.plan);
  const count = ` ${view.doneRuns}/${upTo(view.plan.runs.length, open)} runs`;
  const barWidth = Math.max(0, width - count.length);
  const filled = Math.round(barWidth * doneShare(view, atMs));
  return (
    <>
      <Box justifyContent="space-between">
        <Text bold wrap="truncate">
          {headingOf(view)}
        </Text>
        <Box flexShrink={0} marginLeft={2}>
          <Text>{`${clock(atMs)}${leftText(view, atMs)}`}</Text>
        </Box>
      </Box>
      <Text wrap="truncate">
        <Text {...paint(color, 'cyan')}>{'█'.repeat(filled)}</Text>
        <Text dimColor>{'░'.repeat(barWidth - filled)}</Text>
        {count}
      </Text>
    </>
  );
}

function leftText(view: View, atMs: number): string {
  if (view.state !== 'running') return '';
  if (view.pause === 'waiting') return ' · paused';
  return ` · ${(isOpenEnded(view.plan) ? atMostMs : aboutMs)(allLeftMs(view, atMs))} left`;
}
