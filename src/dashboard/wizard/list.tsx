import { Text } from 'ink';
import type { ReactNode } from 'react';
import { paint } from '../paint.js';

export interface ListProps {
  readonly lines: readonly string[];
  /** Of the line that keys are about. */
  readonly at: number;
  readonly room: number;
  readonly color: boolean;
}

/** Lines, one of them marked; where there is no room for all, those about it. */
export function List({ lines, at, room, color }: ListProps): ReactNode {
  const count = Math.max(1, Math.min(lines.length, room));
  const from = Math.max(0, Math.min(lines.length - count, at - Math.floor(count / 2)));
  return lines.slice(from, from + count).map((line, index) => {
    const isAt = from + index === at;
    return (
      <Text key={line} wrap="truncate" bold={isAt} {...(isAt ? paint(color, 'cyan') : {})}>
        {`${isAt ? '▸' : ' '} ${line}`}
      </Text>
    );
  });
}
