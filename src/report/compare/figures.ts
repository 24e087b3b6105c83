import type { CompletedRow } from '../schema.js';
import type { RunFigure } from '../statistics.js';

interface Named {
  /** Where it stands in a row of `result.json`. */
  readonly path: string;
  readonly title: string;
  readonly unit: 'µs' | 'B' | '';
}

/**
 * A figure that two results are held together by. Of each of them less is better.
 *
 * `percentile`: of the latencies of all rounds together. `sampled`: the median over rounds of a noisy thing. `counted`:
 * the same of what is counted to the last one, so that a change of 1 % is one. `promised`: 0 where all is well, so that
 * any of it is one.
 */
export type ComparedFigure =
  | (Named & { readonly kind: 'percentile'; readonly percentile: 50 | 99 })
  | (Named & { readonly kind: 'sampled' | 'counted'; readonly ofRun: RunFigure })
  | (Named & { readonly kind: 'promised'; readonly ofRow: (row: CompletedRow) => number | null });

export const COMPARED_FIGURES: readonly ComparedFigure[] = [
  { kind: 'percentile', path: 'latencyUs.p50', title: 'latency p50', unit: 'µs', percentile: 50 },
  { kind: 'percentile', path: 'latencyUs.p99', title: 'latency p99', unit: 'µs', percentile: 99 },
  {
    kind: 'sampled',
    path: 'server.cpuUsPerMessage',
    title: 'server CPU per delivery',
    unit: 'µs',
    ofRun: (run) => run.server.cpuUsPerMessage,
  },
  {
    kind: 'sampled',
    path: 'server.rssPerClientBytes',
    title: 'memory per client',
    unit: 'B',
    ofRun: (run) => run.server.rssPerClientBytes,
  },
  {
    kind: 'counted',
    path: 'bytes.perMessage.down',
    title: 'bytes down per delivery',
    unit: 'B',
    ofRun: (run) => run.bytes.perMessage.down,
  },
  {
    kind: 'counted',
    path: 'bytes.perMessage.up',
    title: 'bytes up per delivery',
    unit: 'B',
    ofRun: (run) => run.bytes.perMessage.up,
  },
  promised('lost', 'lost deliveries'),
  promised('duplicated', 'repeated deliveries'),
  promised('reordered', 'deliveries out of order'),
];

function promised(key: 'lost' | 'duplicated' | 'reordered', title: string): ComparedFigure {
  return { kind: 'promised', path: `delivery.${key}`, title, unit: '', ofRow: ({ delivery }) => delivery[key] };
}
