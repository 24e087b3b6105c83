import { UsageError } from '../errors.js';
import { randomStream } from '../random.js';
import { formatBytes, formatCount, formatDurationMs, spellDurationMs } from '../units.js';
import { authNotes, authProblems } from './auth.js';
import { faultNotes, faultProblems, withoutOwnReconnect } from './fault-plan.js';
import {
  KERNEL_HOLDS_BYTES,
  MAX_HISTORY_BYTES,
  MAX_LEDGER_CELLS,
  MAX_MESSAGES,
  MAX_ROUNDS,
  MIN_AUTO_ROUNDS,
  MIN_BODY_BYTES,
  MIN_WAITS_PER_WINDOW,
  SOCKETS_PER_ADDRESS,
  SPARE_DESCRIPTORS,
} from './limits.js';
import { roundTripsMs } from './round-trips.js';
import { scaleProblems } from './scale.js';
import type { AutoRounds, Plan, PlannedRun, Row, Scenario, Workload } from './scenario.js';
import { slowReaderCount } from './slow-readers.js';
import type { Target } from './target.js';
import { targetNotes, targetProblems } from './target-plan.js';
import { clientsSend, uplinkProblems } from './uplink.js';
import { proxyOf } from './via.js';
import { browserProblems, reachableRows, type Unreachable } from './via-browser.js';
import { proxyProblems } from './via-proxy.js';

/** What decides whether this machine can carry a scenario. */
export interface Machine {
  /** Open files allowed to one process; null where that is not known. */
  readonly descriptors: number | null;
  /** As `process.platform`. */
  readonly platform: string;
}

/** Of what stands between, for each of a client's: one to the client and one to the server. */
const SOCKETS_BETWEEN = 2;

/** Loopback addresses that need no set-up: all of 127.0.0.0/8 on Linux, 127.0.0.1 elsewhere. */
const ADDRESSES = Array.from({ length: 8 }, (_, index) => `127.0.0.${index + 1}`);

/**
 * Everything that will be done, decided before anything starts. Pure: the order of runs is a function of the seed.
 *
 * @throws UsageError with every reason why the scenario does not fit together or this machine cannot carry it.
 */
export function makePlan(
  scenario: Scenario,
  asked: readonly Row[],
  machine: Machine,
  target: Target | null = null,
): Plan {
  const { reached, unreachable: outOfReach } = reachableRows(asked, scenario);
  const { rows, leftOut } = withoutOwnReconnect(reached, scenario.faults);
  const unreachable = [...outOfReach, ...leftOut];
  const { workload } = scenario;
  const sockets = workload.clients * Math.max(1, ...rows.map((row) => socketsPerClient(row, workload)));
  const history = historyFor(scenario, rows);
  const problems = [
    ...workloadProblems(scenario),
    ...scaleProblems(scenario),
    ...slowReaderProblems(scenario),
    ...faultProblems(scenario),
    ...rowProblems(rows, workload, leftOut),
    ...uplinkProblems(scenario, rows),
    ...browserProblems(scenario, rows),
    ...proxyProblems(scenario, sockets),
    ...interleaveProblems(scenario, rows),
    ...capacityProblems(scenario, sockets, history.bytes, machine),
    ...targetProblems(target, scenario, rows),
    ...authProblems(rows, scenario.auth),
    ...(scenario.auth !== null && scenario.via === 'browser'
      ? ['pages of a browser show no token here: leave out --auth or --via browser']
      : []),
  ];
  if (problems.length > 0) throw new UsageError(problems);
  const roundMs = rows.reduce((sum, row) => sum + estimateRunMs(row, scenario), 0);
  const windowMs = workload.durationMs * (scenario.interleaveMs === null ? 1 : rows.length);
  const rounds = scenario.auto === null ? scenario.rounds : mostRounds(scenario.auto, roundMs);
  return {
    scenario: { ...scenario, rounds },
    rows,
    unreachable,
    target,
    runs: orderRuns(rows.length, rounds, scenario.seed),
    history,
    addresses: ADDRESSES.slice(0, machine.platform === 'linux' ? Math.ceil(sockets / SOCKETS_PER_ADDRESS) : 1),
    sockets,
    estimatedMs: rounds * roundMs,
    notes: [
      ...targetNotes(target),
      ...rows.flatMap((row) => shortWindowNotes(row, windowMs, scenario.scale)),
      ...budgetNotes(scenario, roundMs),
      ...slowReaderNotes(scenario),
      ...faultNotes(scenario, rows),
      ...authNotes(rows, scenario.auth),
    ],
  };
}

function socketsPerClient({ profile }: Row, workload: Workload): number {
  return clientsSend(workload) && profile.uplink === 'separate-request' ? 2 : 1;
}

/**
 * Twice what is published while the slowest reader waits, and for a second more; at least 1,000 messages, or as many
 * large ones as may be kept. Where clients come back, all that is published while they may be away.
 */
function historyFor({ workload, network, faults }: Scenario, rows: readonly Row[]): Plan['history'] {
  const { ratePerSecond, sizeBytes, durationMs } = workload;
  const waitMs = Math.max(0, ...rows.map((row) => row.worstWaitMs)) + distanceMs(network);
  const awayMs = faults === null ? 0 : durationMs;
  const needed = Math.ceil(2 * ratePerSecond * ((waitMs + awayMs) / 1_000 + 1));
  const messages = Math.max(needed, Math.min(1_000, Math.floor(MAX_HISTORY_BYTES / sizeBytes)));
  return { messages, bytes: messages * sizeBytes };
}

function workloadProblems({ workload, probes, tls, preset }: Scenario): readonly string[] {
  const { clients, channels, ratePerSecond, sizeBytes, durationMs, publish } = workload;
  const problems: string[] = [];
  if (preset !== null && !tls) {
    problems.push(`\`preset: ${preset}\` is over TLS: leave out \`tls: false\``);
  }
  if (probes > clients) {
    problems.push(`\`probes\` is ${probes} of ${clients} \`clients\`: lower \`probes\` or raise --clients`);
  }
  if (channels !== 'private' && channels > clients) {
    problems.push(
      `\`channels\` is ${channels} for ${clients} \`clients\`, and each needs one: lower \`channels\` or raise --clients`,
    );
  }
  if (sizeBytes < MIN_BODY_BYTES) {
    problems.push(`\`size\` is ${sizeBytes} B: the envelope alone takes ${MIN_BODY_BYTES} B, use that or more`);
  }
  if (publish !== 'observe' && (ratePerSecond * durationMs) / 1_000 < 1) {
    problems.push(
      `at ${ratePerSecond}/s no message falls into a window of ${formatDurationMs(durationMs)}: raise --rate or --duration`,
    );
  }
  return problems;
}

function slowReaderProblems(scenario: Scenario): readonly string[] {
  const { workload, probes, slowReaders } = scenario;
  if (slowReaders === null) return [];
  const problems: string[] = [];
  const count = slowReaderCount(scenario);
  if (count > workload.clients - probes) {
    problems.push(
      `\`slowReaders\` makes ${count} of ${workload.clients} clients slow, and ${probes} of them are probes, which must not be: lower its share or \`probes\`, or raise --clients`,
    );
  }
  if (workload.publish === 'clients') {
    problems.push('`slowReaders` is for `publish: server`: slow readers that publish as well would be two questions');
  }
  return problems;
}

/** What the kernel holds of a reader never waits in the server, and is the most of it in a short window. */
function slowReaderNotes({ workload, slowReaders }: Scenario): readonly string[] {
  if (slowReaders === null) return [];
  const { ratePerSecond, sizeBytes, channels, durationMs } = workload;
  const perSecond = (ratePerSecond * sizeBytes) / (channels === 'private' ? workload.clients : channels);
  const unread = (Math.max(0, perSecond - slowReaders.bytesPerSecond) * durationMs) / 1_000;
  if (unread > KERNEL_HOLDS_BYTES) return [];
  return [
    `slow readers: the window leaves ${formatBytes(unread)} of each unread, and the kernel takes up to about ` +
      `${formatBytes(KERNEL_HOLDS_BYTES)} of a connection before anything waits in the server: raise --size, --rate or --duration to see more`,
  ];
}

function rowProblems(rows: readonly Row[], { publish }: Workload, leftOut: readonly Unreachable[]): readonly string[] {
  if (rows.length === 0) {
    const [first] = leftOut;
    return [`no transport to run: ${first ? `${first.label}: ${first.reason}` : 'name one with --transport'}`];
  }
  if (publish !== 'clients') return [];
  return rows
    .filter(({ profile }) => profile.uplink === 'none')
    .map(({ label }) => `${label} has no uplink, and here clients publish: leave it out or use \`publish: server\``);
}

function capacityProblems(
  scenario: Scenario,
  sockets: number,
  historyBytes: number,
  { descriptors }: Machine,
): readonly string[] {
  const { workload } = scenario;
  const { clients, ratePerSecond, sizeBytes } = workload;
  const problems: string[] = [];
  const between = betweenIn(scenario);
  const needed = (between === undefined ? 1 : SOCKETS_BETWEEN) * sockets + SPARE_DESCRIPTORS;
  if (descriptors !== null && needed > descriptors) {
    problems.push(
      `${formatCount(clients)} clients need ${formatCount(needed)} open files in the ${between ?? 'server'} process, and ` +
        `${formatCount(descriptors)} are allowed: raise it (ulimit -n ${needed}) or lower --clients`,
    );
  }
  if (historyBytes > MAX_HISTORY_BYTES) {
    problems.push(
      `the server's history would take ${formatBytes(historyBytes)} at ${ratePerSecond}/s of ${sizeBytes} B, above ` +
        `${formatBytes(MAX_HISTORY_BYTES)}: lower --rate or --size, or the longest poll interval`,
    );
  }
  return [...problems, ...ledgerProblems(workload)];
}

/** Whose process has the most sockets, where something stands between clients and server. */
function betweenIn(scenario: Scenario): string | undefined {
  if (scenario.network !== null) return 'relay';
  return proxyOf(scenario) === null ? undefined : 'proxy';
}

function interleaveProblems({ interleaveMs }: Scenario, rows: readonly Row[]): readonly string[] {
  if (interleaveMs === null || rows.length > 1) return [];
  return ['`interleave` needs two rows or more: name another transport with -t, or leave --interleave out'];
}

/** The ledgers hold the warm-up too, so neither phase may be larger than the limit. */
function ledgerProblems({ clients, channels, ratePerSecond, warmupMs, durationMs }: Workload): readonly string[] {
  const problems: string[] = [];
  const audience = clients / (channels === 'private' ? clients : channels);
  for (const [ms, phase, flag] of [
    [durationMs, 'window', '--duration'],
    [warmupMs, 'warm-up', '--warmup'],
  ] as const) {
    const cells = ratePerSecond * (ms / 1_000) * audience;
    if (cells > MAX_LEDGER_CELLS) {
      problems.push(
        `${formatCount(cells)} deliveries to keep account of in one ${phase}, above ${formatCount(MAX_LEDGER_CELLS)}: ` +
          `lower --clients, --rate or ${flag}`,
      );
    }
  }
  const messages = (ratePerSecond * (warmupMs + durationMs)) / 1_000;
  if (problems.length === 0 && messages > MAX_MESSAGES) {
    problems.push(
      `${formatCount(messages)} messages in one run, above ${formatCount(MAX_MESSAGES)}: lower --rate, --duration or --warmup`,
    );
  }
  return problems;
}

/** Every round runs each row once, in an order of its own (Fisher–Yates); one more round leaves the first as they are. */
function orderRuns(rows: number, rounds: number, seed: number): readonly PlannedRun[] {
  const draw = randomStream(seed, 'order of runs');
  const runs: PlannedRun[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = Array.from({ length: rows }, (_, row) => row);
    for (let last = rows - 1; last > 0; last--) {
      const picked = Math.floor(draw() * (last + 1));
      [order[picked], order[last]] = [order[last] ?? 0, order[picked] ?? 0];
    }
    for (const row of order) runs.push({ index: runs.length, round, row });
  }
  return runs;
}

/** As many rounds as fit into the budget, and one more where they take less than estimated; the suite keeps the time. */
function mostRounds({ budgetMs }: AutoRounds, roundMs: number): number {
  return Math.min(MAX_ROUNDS, Math.max(MIN_AUTO_ROUNDS, Math.floor(budgetMs / roundMs) + 1));
}

function budgetNotes({ auto }: Scenario, roundMs: number): readonly string[] {
  const leastMs = MIN_AUTO_ROUNDS * roundMs;
  if (auto === null || leastMs <= auto.budgetMs) return [];
  return [
    `${MIN_AUTO_ROUNDS} rounds take about ${formatDurationMs(Math.round(leastMs / 1_000) * 1_000)}, more than the budget of ` +
      `${formatDurationMs(auto.budgetMs)}: there are ${MIN_AUTO_ROUNDS} all the same, fewer give no interval`,
  ];
}

/**
 * Processes and their end, connecting (0.4 ms a client, 2 ms over TLS), the phases, the waits of settling and draining,
 * and over a distance the counting of round trips.
 */
function estimateRunMs(row: Row, scenario: Scenario): number {
  const { worstWaitMs } = row;
  const { workload, probes, tls, network } = scenario;
  const { clients, warmupMs, durationMs } = workload;
  const distanceMs = network === null ? 0 : 150 + 3 * network.rttMs * connectTurns(clients, probes);
  const proxyMs = proxyOf(scenario) === null ? 0 : PROXY_START_MS;
  const processesMs = 900 + proxyMs + (tls ? 2 : 0.4) * clients;
  return processesMs + warmupMs + durationMs + 2 * worstWaitMs + distanceMs + roundTripsMs(row, scenario);
}

const PROXY_START_MS = 250;

/** How often clients wait for those before them: around each probe, and for every 64. */
function connectTurns(clients: number, probes: number): number {
  return 2 * probes + clients / 64 + 1;
}

/** How much older a cursor may be that is still on its way. */
function distanceMs(network: Scenario['network']): number {
  return network === null ? 0 : 2 * (network.rttMs + 2 * network.jitterMs);
}

/** Flags are given as in life, `scale` times what is measured. */
function shortWindowNotes({ label, worstWaitMs }: Row, durationMs: number, scale: number): readonly string[] {
  const leastMs = MIN_WAITS_PER_WINDOW * worstWaitMs;
  if (durationMs >= leastMs) return [];
  return [
    `${label}: a window of ${formatDurationMs(durationMs)} holds fewer than ${MIN_WAITS_PER_WINDOW} of its intervals ` +
      `of ${formatDurationMs(worstWaitMs)}, too few for percentiles: use --duration ${spellDurationMs(scale * leastMs)} or a shorter interval`,
  ];
}
