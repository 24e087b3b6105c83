import { hasIntervals } from '../report/estimate.js';
import { hasTimes, isObservedReport, timeNotes } from '../report/observed-wording.js';
import { roundsOf } from '../report/precision.js';
import { proxyFact } from '../report/proxy-wording.js';
import { scaleFacts } from '../report/scale-wording.js';
import type { CompletedRow, Report, ReportRow } from '../report/schema.js';
import { slowReaderFact } from '../report/slow-reader-wording.js';
import { targetFact } from '../report/target-wording.js';
import { uplinkFacts } from '../report/uplink-wording.js';
import { counted, plainFigure } from '../report/wording.js';
import { isNative, spellFault } from '../scenario/faults.js';
import { describeNetwork } from '../scenario/network.js';
import { formatBytes, formatCount, formatDurationMs } from '../units.js';

/** The workload in words and how it was measured, one fact an item. */
export function workloadFacts(report: Report): string[] {
  const { scenario } = report;
  return [
    ...scaleFacts(scenario),
    ...loadFacts(scenario),
    ...[targetFact(report)].filter((fact) => fact !== undefined),
    ...secrecy(report),
    ...clientKind(scenario),
    ...distance(report),
    ...[proxyFact(report), slowReaderFact(report)].filter((fact) => fact !== undefined),
    `${counted(roundsOf(report), 'round')} of ${formatDurationMs(scenario.workload.durationMs)}${inTurns(scenario)}`,
    ...disturbances(scenario),
    ...(isObservedReport(report) && !hasTimes(report)
      ? []
      : [`tolerated delay ${formatDurationMs(scenario.toleratesMs)}`]),
  ];
}

function inTurns({ interleaveMs }: Report['scenario']): string {
  return interleaveMs === null ? '' : ` each, in turns of ${formatDurationMs(interleaveMs)}`;
}

/** The workload in words, one fact an item. */
export function loadFacts({ workload }: Pick<Report['scenario'], 'workload'>): string[] {
  if (workload.publish === 'observe') {
    return [
      `${formatCount(workload.clients)} clients ${channelsInWords(workload.channels)}`,
      'nothing is published: the server sends what it sends',
    ];
  }
  const rate = `${plainFigure(workload.ratePerSecond)} messages/s`;
  return [
    `${formatCount(workload.clients)} clients ${channelsInWords(workload.channels)}`,
    workload.publish === 'server' ? `the server publishes ${rate}` : `the clients publish ${rate} in total`,
    `${formatBytes(workload.sizeBytes)} of ${workload.payload} each`,
    arrivalsInWords(workload.arrivals),
    ...uplinkFacts(workload.uplink),
  ];
}

function arrivalsInWords(arrivals: Report['scenario']['workload']['arrivals']): string {
  if (typeof arrivals === 'object') return `in bursts of ${plainFigure(arrivals.meanSize)} on average, at random times`;
  return arrivals === 'poisson' ? 'at random times (Poisson)' : 'at even intervals';
}

/** What is done to each run, and how clients come back from it; empty where nothing is. */
export function disturbances({ faults }: Pick<Report['scenario'], 'faults'>): string[] {
  if (faults === null) return [];
  return [
    ...(faults.injected.length > 0 ? [`done to each run: ${faults.injected.map(spellFault).join(', ')}`] : []),
    `clients come back ${isNative(faults) ? "by their library's own means" : `by ${faults.reconnect}`} and ${faults.resume ? 'go on after the last message they saw' : 'begin anew'}`,
  ];
}

function secrecy({ scenario, environment }: Report): string[] {
  if (!scenario.tls) return [];
  const over = `over ${environment.tls?.version.replace('TLSv', 'TLS ') ?? 'TLS'}`;
  return [scenario.preset === 'web' ? `as browsers get it: ${over}, HTTP/2 where it is used` : over];
}

function clientKind({ auth, via }: Report['scenario']): string[] {
  return [
    ...(auth === null ? [] : [`clients show a token (${auth})`]),
    ...(via === null ? [] : ['the probes are pages of a browser']),
  ];
}

/** The network asked for, and what its round trip was. */
function distance({ scenario, network }: Report): string[] {
  if (scenario.network === null || network === null) return [];
  const { p50 } = network.measuredRttMs;
  const measured = p50 === null ? 'not measured' : `measured ${formatDurationMs(p50)}`;
  return [`over a relay, ${describeNetwork(scenario.network)} (${measured})`];
}

function channelsInWords(channels: number | 'private'): string {
  if (channels === 'private') return 'with a channel each';
  return channels === 1 ? 'on one channel' : `on ${formatCount(channels)} channels`;
}

/** One sentence: the verdict of the whole, and what it is worth. */
export function verdictSentence(report: Report): string {
  const interrupted = report.interrupted ? ' Interrupted: not all planned runs were done.' : '';
  if (report.transports.some((row) => row.state === 'failed')) {
    return `Verdict: ${report.verdict} (a run failed; the rows that completed stand).${interrupted}`;
  }
  return `Verdict: ${report.verdict}${MEANINGS[report.verdict]}.${interrupted}`;
}

const MEANINGS: Readonly<Record<Report['verdict'], string>> = {
  valid: '',
  suspect: ' (figures to be taken with care; reasons below)',
  saturated: ' (a server could not keep up; reasons below)',
  invalid: ' (do not use the rows that say so; reasons below)',
};

/** Every row that has reasons: why it is not valid, or not complete. */
export function reasonsByRow(rows: readonly ReportRow[]): { label: string; state: string; reasons: string[] }[] {
  return rows
    .filter((row) => row.reasons.length > 0)
    .map((row) => ({
      label: row.label,
      state: row.state === 'completed' ? row.verdict : row.state,
      reasons: row.reasons,
    }));
}

/** What the columns mean, for whoever sees the table for the first time. */
export function legend(report: Report): string[] {
  const { scenario, transports } = report;
  const count = roundsOf(report);
  const tolerated = formatDurationMs(scenario.toleratesMs);
  const completed = transports.filter((row) => row.state === 'completed');
  const shown = hasIntervals(completed)
    ? `all ${count} rounds together and their 95 % interval`
    : `median and range of ${count} rounds`;
  const rounds = count > 1 ? `; ${shown}` : '';
  if (isObservedReport(report)) return observedLegend(report, rounds, completed);
  return [
    `p50, p99: this long after being due, half and 99 % had arrived${rounds}.`,
    `within ${tolerated}: p99 in the tolerated delay in every round (yes), some (partly) or none (no).`,
    "TCP bytes: ↓ to the client, ↑ to the server; a poll's headers and its empty answers are in it.",
  ];
}

function observedLegend(report: Report, rounds: string, rows: readonly CompletedRow[]): string[] {
  return [
    ...(hasTimes(report)
      ? [`p50, p99: this long after the time in the message, half and 99 % had arrived${rounds}.`, ...timeNotes(rows)]
      : ['first message: from when a client begins to connect, p50.']),
    'gap: between two messages of one client; max: the longest time without one in the window, its begin and end included.',
    'TCP bytes: ↓ to the client, ↑ to the server, of everything in the window over the messages in it.',
  ];
}

/** What the control rows are for; empty where there are none. */
export function controlNotes(report: Report): string[] {
  return report.transports
    .filter((row) => row.group === 'control')
    .map(({ label, inProcess }) =>
      inProcess
        ? `${label}: not a choice; what the instrument adds to every latency: publisher to recorder in one process, ${counted(report.scenario.probes, 'client')}.`
        : `${label}: not a choice; the same messages over a bare connection, to compare with.`,
    );
}
