import type { LatencyOutline } from '../metrics/histogram.js';
import type { RunResult } from '../report/schema.js';
import type { Plan, PlannedRun, Row } from '../scenario/scenario.js';
import type { RunStep, SuiteEvent } from '../suite/events.js';
import { EXAMPLE_ROWS, EXAMPLE_SCENARIO, type ExampleRow } from './example-report.js';

export type ExampleName = keyof typeof EXAMPLE_ROWS;

/** A plan over example rows, the rows of a round in their order; estimated at 5 s a run. */
export function examplePlan(names: readonly ExampleName[], rounds = 3): Plan {
  const rows = names.map((name) => planRow(EXAMPLE_ROWS[name]));
  const runs = Array.from({ length: rounds * rows.length }, (_, index) => ({
    index,
    round: Math.floor(index / rows.length),
    row: index % rows.length,
  }));
  return {
    scenario: { ...EXAMPLE_SCENARIO, rounds },
    rows,
    runs,
    history: { messages: 1_000, bytes: 200_000 },
    addresses: ['127.0.0.1'],
    sockets: 100,
    estimatedMs: 5_000 * runs.length,
    notes: [],
    unreachable: [],
  };
}

function planRow({ row }: ExampleRow): Row {
  return {
    transport: row.transport,
    module: `file:///transports/${row.transport}/index.js`,
    label: row.label,
    settings: row.settings,
    profile: {
      name: row.transport,
      title: row.label,
      summary: 'an example',
      protocol: 'HTTP',
      connection: 'kept open',
      uplink: 'none',
      framing: 'text',
      reconnect: 'by-client',
      browser: 'built-in',
      resume: 'none',
      ...row.profile,
    },
    worstWaitMs: 0,
    noticesMs: null,
  };
}

/** Makes the events of a suite by hand, on a clock that only moves when it is told to. */
export class EventScript {
  #atMs = 0;
  #startedMs = 0;
  readonly #plan: Plan;
  readonly events: SuiteEvent[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.events.push({ type: 'planned', atMs: 0, plan });
  }

  get atMs(): number {
    return this.#atMs;
  }

  wait(ms: number): this {
    this.#atMs += ms;
    return this;
  }

  start(index: number): this {
    this.#startedMs = this.#atMs;
    this.events.push({ type: 'runStarted', atMs: this.#atMs, run: this.#run(index) });
    return this;
  }

  step(index: number, step: RunStep): this {
    this.events.push({ type: 'step', atMs: this.#atMs, run: this.#run(index), step });
    return this;
  }

  progress(index: number, delivered: number, p50Us: number | null, p99Us: number | null = null): this {
    const progress = {
      connected: 100,
      published: delivered / 100,
      delivered,
      expected: 30_000,
      latency: p50Us === null ? null : exampleOutline(p50Us, p99Us ?? 2 * p50Us),
      serverCpuShare: 0.12,
    };
    this.events.push({ type: 'progress', atMs: this.#atMs, run: this.#run(index), progress });
    return this;
  }

  ask(type: 'pauseAsked' | 'paused' | 'resumed'): this {
    this.events.push({ type, atMs: this.#atMs });
    return this;
  }

  skip(row: number): this {
    this.events.push({ type: 'skipAsked', atMs: this.#atMs, row });
    return this;
  }

  end(index: number, result: RunResult): this {
    const tookMs = this.#atMs - this.#startedMs;
    this.events.push({ type: 'runEnded', atMs: this.#atMs, run: this.#run(index), result, tookMs });
    return this;
  }

  /** A run from start to end. */
  run(index: number, tookMs: number, result: RunResult): this {
    return this.start(index).wait(tookMs).end(index, result);
  }

  finish(interrupted = false): this {
    this.events.push({ type: 'ended', atMs: this.#atMs, interrupted, by: interrupted ? 'interruption' : 'rounds' });
    return this;
  }

  #run(index: number): PlannedRun {
    const run = this.#plan.runs[index];
    if (run === undefined) throw new Error(`the plan has no run ${index}`);
    return run;
  }
}

/** A hump with a tail. */
function exampleOutline(p50Us: number, p99Us: number): LatencyOutline {
  const counts = [2, 9, 31, 88, 190, 320, 410, 380, 290, 210, 150, 96, 60, 41, 30, 18, 11, 6, 4, 2, 1, 0, 0, 1];
  return { minUs: p50Us / 2, p50Us, p90Us: (p50Us + p99Us) / 2, p99Us, maxUs: 2 * p99Us, counts };
}
