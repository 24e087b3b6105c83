import type { CompletedLimit, ConnectionLimit } from '../report/browser-limits-schema.js';
import { formatDurationMs } from '../units.js';
import { NO_FIGURE } from './columns.js';

export interface LimitColumn {
  readonly title: string;
  readonly width: number;
  readonly cell: (limit: CompletedLimit) => string;
}

export const LIMIT_COLUMNS: readonly LimitColumn[] = [
  { title: 'asked for', width: 9, cell: ({ asked }) => String(asked) },
  { title: 'open', width: 6, cell: ({ atServer }) => String(atServer) },
  { title: 'TCP connections', width: 11, cell: ({ sockets }) => String(sockets) },
  {
    title: 'one more request',
    width: 10,
    cell: ({ furtherRequestMs }) => (furtherRequestMs === null ? 'no answer' : formatDurationMs(furtherRequestMs)),
  },
];

/** The row's cell; of one that failed, none. */
export function limitCell(limit: ConnectionLimit, { cell }: LimitColumn): string {
  return limit.state === 'completed' ? cell(limit) : NO_FIGURE;
}
