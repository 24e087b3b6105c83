import { Box, Text } from 'ink';
import { paint } from '../paint.js';
import { estimateLines } from './estimate-lines.js';
import { commandOf, estimateOf } from './state.js';
import { Line } from './typed-line.js';
import type { StepProps } from './view.js';

/** The command that does the same, what it comes to, and where it was saved. */
export function Review({ state, color }: StepProps) {
  const estimate = estimateOf(state);
  const isProblem = estimate !== null && 'problems' in estimate;
  return (
    <>
      <Text dimColor>The same from the command line:</Text>
      <Box marginTop={1} marginLeft={2}>
        <Text bold>{commandOf(state)}</Text>
      </Box>
      <Box flexDirection="column" marginTop={1}>
        {estimateLines(estimate).map((line) => (
          <Text key={line} {...(isProblem ? paint(color, 'red') : {})}>
            {line}
          </Text>
        ))}
      </Box>
      <Box flexDirection="column" marginTop={1}>
        {state.typing === null ? null : <Line label="file" typing={state.typing} color={color} />}
        {state.savedTo === null ? null : (
          <Text {...paint(color, 'green')}>{`Saved: ${state.savedTo} (rtbench run ${state.savedTo})`}</Text>
        )}
      </Box>
    </>
  );
}
