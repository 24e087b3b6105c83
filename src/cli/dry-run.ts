import { PRECISION } from '../report/precision.js';
import { scaleFacts, titleOf } from '../report/scale-wording.js';
import { uplinkFacts } from '../report/uplink-wording.js';
import { between } from '../report/wording.js';
import { disturbances } from '../reporters/prose.js';
import { MIN_AUTO_ROUNDS } from '../scenario/limits.js';
import { describeNetwork } from '../scenario/network.js';
import type { Plan, Scenario } from '../scenario/scenario.js';
import { spellOpenPort } from '../scenario/target-port.js';
import { spellThreshold } from '../scenario/threshold.js';
import { proxyOf, spellVia } from '../scenario/via.js';
import { formatBytes, formatCount, formatDurationMs } from '../units.js';

/** What a plan would do, for a person. */
export function describePlan(plan: Plan): string {
  const { scenario, rows, unreachable, runs, sockets, addresses, history, estimatedMs, notes, target } = plan;
  const { workload } = scenario;
  const proxy = proxyOf(scenario);
  const channels = workload.channels === 'private' ? 'a private channel each' : `${workload.channels} channel(s)`;
  return [
    `${titleOf(scenario)}: ${scenario.question}`,
    ...scaleFacts(scenario).map((fact) => `  ${fact}`),
    `  ${formatCount(workload.clients)} clients (${scenario.probes} of them probes, the others in ${scenario.workers} crowd process(es)), ${channels}`,
    workload.publish === 'observe'
      ? '  nothing is published: the server sends what it sends'
      : `  ${workload.ratePerSecond} messages/s of ${formatBytes(workload.sizeBytes)} ${workload.payload}, ${spellArrivals(workload)}, published by ${workload.publish === 'server' ? 'the server' : 'the clients'}`,
    ...uplinkFacts(workload.uplink).map((fact) => `  ${fact}`),
    `  ${formatDurationMs(workload.warmupMs)} warm-up and ${formatDurationMs(workload.durationMs)} window, ${roundsInWords(scenario)}${inTurns(scenario)}, seed ${scenario.seed}`,
    ...(scenario.network === null ? [] : [`  over a relay: ${describeNetwork(scenario.network)}`]),
    ...(proxy === null ? [] : [`  through a proxy: ${spellVia(proxy)}`]),
    ...disturbances(scenario).map((fact) => `  ${fact}`),
    ...scenario.expect.map((threshold) => `  expected: ${spellThreshold(threshold)}`),
    target
      ? `  at most ${formatCount(sockets)} connections to ${spellOpenPort(target.url)}, a server that is not rtbench's own`
      : `  at most ${formatCount(sockets)} sockets in the server process, on ${addresses.join(', ')}; history ${formatCount(history.messages)} messages`,
    ...notes.map((note) => `  note: ${note}`),
    ...unreachable.map(({ label, reason }) => `  not measured: ${label}: ${reason}`),
    `${scenario.auto === null ? '' : 'at most '}${runs.length} runs, about ${formatDurationMs(Math.round(estimatedMs / 1_000) * 1_000)}:`,
    ...runs.map(({ index, round, row }) => `  ${index + 1}. round ${round + 1}: ${rows[row]?.label}`),
    '',
  ].join('\n');
}

function spellArrivals({ arrivals }: Scenario['workload']): string {
  return typeof arrivals === 'object' ? `bursts of ${arrivals.meanSize} on average` : arrivals;
}

function inTurns({ interleaveMs }: Scenario): string {
  if (interleaveMs === null) return '';
  return `, the rows of a round side by side, in turns of ${formatDurationMs(interleaveMs)}`;
}

function roundsInWords({ rounds, auto }: Scenario): string {
  if (auto === null) return `${rounds} round(s)`;
  return `${between(String(MIN_AUTO_ROUNDS), String(rounds))} rounds (until p50 and p99 are within ±${100 * PRECISION} %, or ${formatDurationMs(auto.budgetMs)} are spent)`;
}
