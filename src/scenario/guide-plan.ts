import { UsageError } from '../errors.js';
import { type Machine, makePlan } from './plan.js';
import type { Plan, Row, Scenario } from './scenario.js';

/** What the guide's table takes beyond the runs of a plan, decided before anything starts. */
export interface GuidePlan {
  /** The techniques among the plan's rows, in their order. */
  readonly rows: readonly Row[];
  /** One run of each, in which every connection is reset. */
  readonly cut: Plan;
  /** Runs with fewer clients than the plan has. */
  readonly growth: readonly Plan[];
  /** How long all of it should take, ms: an estimate to show. */
  readonly estimatedMs: number;
}

/** Of the window, in which a second passes before the cut and time enough remains to come back. */
const CUT = { atMs: 1_000, windowMs: 3_000, warmupMs: 500 } as const;

/** How clients come back from it: at once, so that what is seen is the transport's way back and no policy's. */
export const CUT_RECONNECT = 'immediate';

/** Shares of the scenario's clients; at all of them its own runs are there. */
const GROWTH_SHARES = [1 / 4, 1 / 2] as const;
const GROWTH_WINDOW_MS = 1_500;
/** With the scenario's own, enough to tell two rows apart by their ranges. */
const GROWTH_ROUNDS = 3;

/** A body up and down in lock-step, and a few messages through a proxy, all rows side by side, ms. */
const EXCHANGE_MS = 500;
const PROXY_MS = 20_000;

/**
 * @throws UsageError where the scenario does not go with it, or this machine cannot carry it.
 */
export function makeGuidePlan({ scenario, rows: all }: Plan, machine: Machine): GuidePlan {
  const rows = all.filter(({ profile }) => profile.group !== 'control');
  if (rows.length === 0) throw new UsageError('--table guide needs a technique: name one with --transport');
  const plain = plainly(scenario);
  const waitMs = Math.max(...rows.map(({ worstWaitMs }) => worstWaitMs));
  const cut = makePlan(cutScenario(plain), rows.map(withResume), machine);
  const growth = clientsOf(plain).map((clients) => makePlan(growthScenario(plain, clients), rows, machine));
  const estimatedMs =
    [cut, ...growth].reduce((sum, plan) => sum + plan.estimatedMs, 0) +
    rows.length * (EXCHANGE_MS + waitMs / rows.length) +
    PROXY_MS +
    2 * waitMs;
  return { rows, cut, growth, estimatedMs };
}

/** What disturbs the plan's own runs, or has them share a round, is not for these. */
function plainly(scenario: Scenario): Scenario {
  return { ...scenario, auto: null, interleaveMs: null, slowReaders: null, faults: null, via: null };
}

/** Messages from the server: one lost on its way up could not be told from one missed. */
function cutScenario(scenario: Scenario): Scenario {
  const { workload } = scenario;
  return {
    ...scenario,
    rounds: 1,
    faults: {
      injected: [{ kind: 'cut', atMs: CUT.atMs, share: 1, forMs: null }],
      reconnect: CUT_RECONNECT,
      resume: true,
    },
    workload: {
      ...workload,
      publish: 'server',
      uplink: null,
      channels: workload.channels === 'private' ? 1 : workload.channels,
      warmupMs: CUT.warmupMs,
      durationMs: CUT.windowMs,
    },
  };
}

/** Whatever a row needs for its messages to carry ids. */
function withResume(row: Row): Row {
  const { resume, resumeSettings } = row.profile;
  return resume === 'setting' ? { ...row, settings: { ...row.settings, ...resumeSettings } } : row;
}

function clientsOf({ workload }: Scenario): readonly number[] {
  const fewer = GROWTH_SHARES.map((share) => Math.round(share * workload.clients));
  return [...new Set(fewer)].filter((clients) => clients >= 1 && clients < workload.clients);
}

function growthScenario(scenario: Scenario, clients: number): Scenario {
  const { workload, rounds, probes } = scenario;
  return {
    ...scenario,
    rounds: Math.min(rounds, GROWTH_ROUNDS),
    probes: Math.min(probes, clients),
    workload: {
      ...workload,
      clients,
      channels: workload.channels === 'private' ? 'private' : Math.min(workload.channels, clients),
      durationMs: Math.min(workload.durationMs, GROWTH_WINDOW_MS),
    },
  };
}
