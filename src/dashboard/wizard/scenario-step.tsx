import { Box, Text } from 'ink';
import { aboutMs } from '../figures.js';
import { List } from './list.js';
import { offerOf, type ScenarioOffer } from './state.js';
import type { StepProps } from './view.js';

/** The question may take two lines, and has one above it. */
const QUESTION_LINES = 3;

/** The scenarios with how long they take, and the question of the one that is marked. */
export function Scenarios({ state, width, room, color }: StepProps) {
  const { scenarios } = state.facts;
  const nameWidth = Math.max(...scenarios.map(({ name }) => name.length));
  const titleWidth = Math.max(...scenarios.map(({ title }) => title.length));
  // Where titles leave no room for the time, they give way.
  const shownTitle = Math.min(titleWidth, Math.max(0, width - nameWidth - 24));
  const line = ({ name, title, takesMs }: ScenarioOffer) =>
    `${name.padEnd(nameWidth)}  ${title.slice(0, shownTitle).padEnd(shownTitle)}  ${takesMs === null ? 'too large for this machine' : aboutMs(takesMs)}`;
  return (
    <>
      <List lines={scenarios.map(line)} at={state.scenario} room={Math.max(1, room - QUESTION_LINES)} color={color} />
      <Box marginTop={1}>
        <Text>{offerOf(state)?.question}</Text>
      </Box>
    </>
  );
}
