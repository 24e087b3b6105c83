import { Text } from 'ink';
import { paint } from '../paint.js';
import type { Typing } from './state.js';

export interface LineProps {
  readonly label: string;
  readonly typing: Typing;
  readonly color: boolean;
}

/** A line that is being typed, with why it was refused below it. */
export function Line({ label, typing: { text, problem }, color }: LineProps) {
  return (
    <>
      <Text wrap="truncate-start">{`${label}: ${text}█`}</Text>
      {problem === null ? null : <Text {...paint(color, 'red')}>{`  ${problem}`}</Text>}
    </>
  );
}
