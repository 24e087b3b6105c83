import { GATE_FIGURES, type GateFigure } from '../report/gate/figures.js';
import { buildGateReport, type GateParts } from '../report/gate/gate.js';
import { GateJournal } from '../report/gate/journal.js';
import { buildNoiseReport } from '../report/gate/noise.js';
import type { NoiseReport } from '../report/gate/noise-schema.js';
import type { GatePair, GateReport } from '../report/gate/schema.js';
import type { CompletedRun } from '../report/schema.js';
import { loadScenario } from '../scenario/load.js';
import { EXAMPLE_ROWS, exampleReport, exampleRun } from './example-report.js';
import { PUSH } from './measurement.js';

const FIGURES = ['cpu', 'p50', 'p99'].flatMap((name) => GATE_FIGURES.filter((figure) => figure.name === name));
/** No two pairs alike, and none in order. */
const ripple = (index: number) => Math.sin(7.1 * index + 1);

interface Made {
  /** Of head to base, for each figure. */
  readonly ratios: readonly number[];
  readonly pairs?: number;
  /** Indices of pairs whose head is invalid. */
  readonly invalid?: readonly number[];
  readonly interrupted?: boolean;
}

/** A gate of made-up pairs: CPU differs by about 1 % within them, p50 by 2 %, p99 by 10 %. */
export function exampleGate({ ratios, pairs = 20, invalid = [], interrupted = false }: Made): GateReport {
  const design = { figures: FIGURES, alpha: 0.05, pairs, knownSpreadOf: () => null };
  const journal = new GateJournal(design);
  for (let round = 0; !journal.isOver && !(interrupted && round === 3); round++) {
    const head = runOf(round, ratios);
    const disturbed: CompletedRun = { ...head, verdict: 'invalid', reasons: ['the publisher was late, 12 ms at p99'] };
    journal.add({
      round,
      first: round % 2 === 0 ? 'base' : 'head',
      base: runOf(round + 0.5, []),
      head: invalid.includes(round) ? disturbed : head,
    });
  }
  if (interrupted) journal.end();
  return buildGateReport({
    ...made(interrupted),
    base: { title: 'base', packages: { ws: '8.18.0' } },
    head: { title: 'head', packages: { ws: '8.23.0 (./my-ws)' } },
    design,
    journal,
  });
}

export function exampleNoise(pairs = 12): NoiseReport {
  const values = (round: number) => {
    const run = runOf(round, []);
    return Object.fromEntries(FIGURES.map(({ name, ofRun }: GateFigure) => [name, ofRun(run)]));
  };
  const measured = Array.from({ length: pairs }, (_, round): GatePair => {
    return { round, first: 'base', base: values(round + 0.5), head: values(round), discarded: null };
  });
  return buildNoiseReport({ ...made(false), figures: FIGURES, alpha: 0.05, pairs: measured });
}

function runOf(at: number, [cpu = 1, p50 = 1, p99 = 1]: readonly number[]): CompletedRun {
  const run = exampleRun(EXAMPLE_ROWS.webSocket, 0);
  return {
    ...run,
    verdict: 'valid',
    reasons: [],
    latencyUs: {
      ...run.latencyUs,
      p50: 800 * p50 * (1 + 0.02 * ripple(at)),
      p99: 3_000 * p99 * (1 + 0.1 * ripple(2 * at)),
    },
    server: { ...run.server, cpuUsPerMessage: 12 * cpu * (1 + 0.01 * ripple(3 * at)) },
  };
}

function made(interrupted: boolean): Omit<GateParts, 'base' | 'head' | 'design' | 'journal'> {
  const { environment, tool } = exampleReport();
  return {
    tool,
    environment,
    interrupted,
    startedAt: new Date('2026-01-02T03:04:05Z'),
    durationMs: 120_000,
    command: 'rtbench check -t websocket --head-with ws=./my-ws',
    scenario: loadScenario('default', { clients: '50', rate: '100/s', duration: '3s', interleave: '50ms' }, 2).scenario,
    row: PUSH,
  };
}
