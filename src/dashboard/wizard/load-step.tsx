import { Box, Text } from 'ink';
import { paint } from '../paint.js';
import { estimateLines } from './estimate-lines.js';
import { estimateOf, FIELDS, type Field, offerOf } from './state.js';
import type { StepProps } from './view.js';

const MEANING: Readonly<Record<Field, string>> = {
  clients: 'simulated clients',
  rate: 'messages published a second in all, such as 20/s',
  size: 'of a message, such as 200B or 1KiB',
  duration: 'of the measuring window, such as 2500ms or 5s',
  rounds: 'each with every technique in a new order; 1 is a quick look, or auto',
};

const LABEL_WIDTH = 10;
const VALUE_WIDTH = 12;
/** A blank one, and the two that say most. */
const ESTIMATE_LINES = 3;

/** The fields with what is wrong with them, and what the load comes to. */
export function Load({ state, room, color }: StepProps) {
  const estimate = estimateOf(state);
  const problems = estimate !== null && 'problems' in estimate ? estimate.problems : [];
  const elsewhere = problems.filter((problem) => !FIELDS.some((field) => isAbout(problem, field)));
  const shown = fieldsIn(state.field, room - ESTIMATE_LINES);
  return (
    <>
      {shown.map((field) => {
        const isAt = field === FIELDS[state.field];
        const problem = problems.find((text) => isAbout(text, field));
        const isChanged = state.values[field] !== offerOf(state)?.values[field];
        const value = `${state.values[field]}${isAt ? '█' : ''}`;
        return (
          <Box key={field} flexShrink={0}>
            <Text wrap="truncate">
              <Text bold={isAt} {...(isAt ? paint(color, 'cyan') : {})}>
                {`${isAt ? '▸' : ' '} ${field.padEnd(LABEL_WIDTH)}${isChanged ? '*' : ' '}${value.padEnd(VALUE_WIDTH)}`}
              </Text>
              {problem === undefined ? (
                <Text dimColor>{MEANING[field]}</Text>
              ) : (
                <Text {...paint(color, 'red')}>{problem.slice(`--${field}: `.length)}</Text>
              )}
            </Text>
          </Box>
        );
      })}
      <Box flexDirection="column" marginTop={1}>
        {elsewhere.map((problem) => (
          <Text key={problem} {...paint(color, 'red')}>
            {problem}
          </Text>
        ))}
        {problems.length > 0 ? null : estimateLines(estimate).map((line) => <Text key={line}>{line}</Text>)}
      </Box>
    </>
  );
}

/** All of them, or where there is no room those about the one that is marked. */
function fieldsIn(marked: number, room: number): readonly Field[] {
  const count = Math.min(FIELDS.length, Math.max(1, room));
  const from = Math.max(0, Math.min(FIELDS.length - count, marked - Math.floor(count / 2)));
  return FIELDS.slice(from, from + count);
}

function isAbout(problem: string, field: Field): boolean {
  return problem.startsWith(`--${field}: `);
}
