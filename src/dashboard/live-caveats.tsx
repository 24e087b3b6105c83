import { Box, Text } from 'ink';
import type { Caveat } from './caveats.js';
import { OUTCOME_COLOR } from './live-table.js';
import { paint } from './paint.js';

export interface CaveatsProps {
  readonly caveats: readonly Caveat[];
  /** Lines for them. */
  readonly room: number;
  readonly color: boolean;
}

/** What is to be known of the figures so far; the rest, where there is no room, only counted. */
export function Caveats({ caveats, room, color }: CaveatsProps) {
  const shown = caveats.length <= room ? caveats : caveats.slice(0, Math.max(0, room - 1));
  const hidden = caveats.length - shown.length;
  return (
    <Box flexDirection="column">
      {shown.map(({ labels, outcome, text }) => (
        <Text key={text} wrap="truncate">
          <Text {...paint(color, OUTCOME_COLOR[outcome])}>! </Text>
          {`${labels}: ${text}`}
        </Text>
      ))}
      {hidden > 0 && room > 0 ? <Text dimColor>{`  … ${hidden} more at the end`}</Text> : null}
    </Box>
  );
}
