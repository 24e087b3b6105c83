import type { Report, ReportRow } from '../schema.js';

/** What sets two results apart beside what is compared. */
export interface Likeness {
  /** What makes figures of the two mean different things: `clients: 100 against 200`. */
  readonly unlike: readonly string[];
  /** What may be the very change that is looked for: `node: v20.20.2 against v24.1.0`. */
  readonly differs: readonly string[];
}

/** Of the scenario: what was asked of every row. Its name and its words are not. */
const ASKED = [
  'scale',
  'workload',
  'probes',
  'workers',
  'interleaveMs',
  'tls',
  'preset',
  'via',
  'network',
  'whenFull',
  'slowReaders',
  'auth',
  'heartbeatMs',
  'faults',
  'uplink',
] as const;

/** Of the environment: the machine. */
const MACHINE = ['os', 'cpu', 'cores', 'memoryBytes', 'cgroupCpuMax', 'pinning', 'network', 'tcpCongestion'] as const;

/** Of the environment: what someone may have changed on purpose. */
const CHANGED = ['node', 'kernel', 'libraries', 'tls', 'proxy'] as const;

/** How a document came about. */
export type Origin = Pick<Report, 'scenario' | 'environment' | 'tool'> & Partial<Pick<Report, 'target'>>;

/** Compares what two results were measured with; their rows are matched elsewhere. */
export function likenessOf(base: Origin, head: Origin): Likeness {
  return {
    unlike: [
      ...differences(chosen(base.scenario, ASKED), chosen(head.scenario, ASKED)),
      ...differences(chosen(base.environment, MACHINE), chosen(head.environment, MACHINE)),
      ...differences({ measured: fromWhere(base) }, { measured: fromWhere(head) }),
    ],
    differs: [
      ...differences({ rtbench: base.tool.version }, { rtbench: head.tool.version }),
      ...differences(chosen(base.environment, CHANGED), chosen(head.environment, CHANGED)),
      ...differences(chosen(base.scenario, ['seed']), chosen(head.scenario, ['seed'])),
      ...(base.target && head.target ? differences({ server: base.target.url }, { server: head.target.url }) : []),
    ],
  };
}

/** From outside, publishing is in the latency, and counting is done elsewhere. */
function fromWhere({ target }: Origin): string {
  return target ? 'from outside' : 'with its own server';
}

/** By what a row is matched: its transport with its settings, in whatever order they stand. */
export function identityKey({ transport, settings }: Pick<ReportRow, 'transport' | 'settings'>): string {
  return JSON.stringify([transport, Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function chosen(of: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(of).filter(([key]) => keys.includes(key)));
}

/** `workload.clients: 100 against 200`, one for each place in which the two differ. */
function differences(base: unknown, head: unknown, path = ''): string[] {
  if (isRecord(base) && isRecord(head)) {
    const keys = [...new Set([...Object.keys(base), ...Object.keys(head)])];
    return keys.flatMap((key) => differences(base[key], head[key], path === '' ? key : `${path}.${key}`));
  }
  const [left, right] = [spelled(base), spelled(head)];
  return left === right ? [] : [`${path}: ${left} against ${right}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is absent and what is `null` are the same: nothing was asked for. */
function spelled(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
