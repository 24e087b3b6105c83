import { deliveriesPerSecond, WARM_AFTER } from '../scenario/warmup.js';
import { formatCount, formatDurationMs } from '../units.js';
import { authCaveats } from './auth-notes.js';
import { browserNotes } from './browser-notes.js';
import { SIGNIFICANCE } from './comparison.js';
import { operatingPoint } from './conclusions.js';
import { latencyEstimate } from './estimate.js';
import { reasonFor } from './not-measured.js';
import { leastPrecise, PRECISION, roundsOf } from './precision.js';
import { proxyNotes } from './proxy-wording.js';
import { roundTripCaveats } from './round-trip-wording.js';
import { scaleCaveats } from './scale-wording.js';
import type { CompletedRow, Report } from './schema.js';
import { smallestP } from './signed-rank.js';
import { completedRuns, MIN_ROUNDS_FOR_INTERVAL } from './statistics.js';
import { isElsewhere, isOverTls, targetCaveats } from './target-wording.js';
import { hasPercentiles, isRanked } from './tolerance.js';
import { uplinkCaveats } from './uplink-wording.js';
import { between, counted, listed } from './wording.js';

/** A publisher later than this share of the latency shown is part of what is shown: 20 %. */
const LAG_SHARE = 0.2;

/** What the figures of a report do not say, most important first. */
export function caveats(report: Report): string[] {
  // The instrument's own row has its own note, and lacks figures by nature.
  const completed = report.transports.filter((row) => row.state === 'completed').filter((row) => !row.inProcess);
  return [
    ...scaleCaveats(report.scenario),
    ...missingFigures(completed),
    ...latePublishers(completed),
    ...browserNotes(report, completed),
    ...proxyNotes(report),
    ...targetCaveats(report),
    ...authCaveats(report, completed),
    ...shortWarmup(report),
    ...unsteady(report, completed),
    ...distance(report),
    ...roundTripCaveats(completed),
    ...uplink(report),
    ...uplinkCaveats(report),
    ...polls(completed),
    ...turns(report, completed),
    report.scenario.tls || (report.target && isOverTls(report.target))
      ? 'Bytes are TCP payload, TLS records and handshakes included: no IP or TCP headers.'
      : 'Bytes are TCP payload: no IP or TCP headers, no TLS.',
    ...ipLayer(report, completed),
    ...serverCost(report),
    ...fewRounds(completed),
    ...endOfRounds(report, completed),
  ];
}

function serverCost(report: Report): string[] {
  const { target, environment } = report;
  const onWhat = target
    ? "for this server's processes, seen from outside"
    : `for these libraries on Node ${environment.node}`;
  if (target?.server === null) return [];
  return [
    `CPU holds at ${operatingPoint(report)}, ${onWhat}.`,
    'Memory per client is one point, not a slope: it includes what the first client costs.',
  ];
}

function distance(report: Report): string[] {
  const { network } = report;
  if (isElsewhere(report)) {
    return ['The way to the server is in every latency, and how long it is was not measured.'];
  }
  if (network === null) {
    return ['Loopback has no distance: a network delays every row, most those with a round trip per message.'];
  }
  if (network.nominalRttMs === 0) {
    return [
      'A relay without distance stood between clients and server, and is in every latency: a network delays every row, most those with a round trip per message.',
    ];
  }
  return [`The distance is made by a relay. Not in it are ${network.cannot.join('; ')}.`];
}

/** Whether the publisher's own lateness is a good part of a row's latency; of one from the server's times it is none. */
export function isPublisherLate(row: CompletedRow): boolean {
  if (row.observed !== undefined) return false;
  const lagUs = row.generator.scheduleLagUs.p50;
  const latencyUs = latencyEstimate(row, 'p50').value;
  return !row.inProcess && hasPercentiles(row) && lagUs !== null && latencyUs !== null && lagUs > LAG_SHARE * latencyUs;
}

/** Figures of the table, by where they are in a row. */
const TABLE_FIGURES: readonly (readonly [path: string, name: string, of: (row: CompletedRow) => number | null])[] = [
  ['latencyUs.p50', 'latency', (row) => row.latencyUs.p50],
  ['latencyUs.p99', 'p99', (row) => (row.latencyUs.p50 === null ? 0 : row.latencyUs.p99)],
  ['bytes.perMessage.down', 'bytes per delivery', (row) => row.bytes.perMessage.down],
  ['server.cpuUsPerMessage', 'server CPU', (row) => row.server.cpuUsPerMessage],
  ['server.rssPerClientBytes', 'memory per client', (row) => row.server.rssPerClientBytes],
];

function missingFigures(rows: readonly CompletedRow[]): string[] {
  return TABLE_FIGURES.flatMap(([path, name, of]) => {
    const labelsOf = new Map<string, string[]>();
    for (const row of rows) {
      if (of(row) !== null || (path.startsWith('latencyUs') && !hasPercentiles(row))) continue;
      const why = reasonFor(row.notMeasured, path) ?? 'not measured';
      labelsOf.set(why, [...(labelsOf.get(why) ?? []), row.label]);
    }
    return [...labelsOf].map(([why, labels]) => `No ${name} for ${listed(labels)}: ${why}.`);
  });
}

function turns({ scenario }: Report, rows: readonly CompletedRow[]): string[] {
  const { interleaveMs } = scenario;
  if (interleaveMs === null) return [];
  const pulls = rows.filter((row) => row.deliveredBy === 'pull');
  return [
    `The rows of a round ran side by side and published in turns of ${formatDurationMs(interleaveMs)}: what the machine did meanwhile, it did to all; the rate is that of a row's own turns.`,
    ...(pulls.length > 0
      ? [
          `${listed(pulls.map((row) => row.label))} went on asking in the turns of the others, which is in its cost and in theirs.`,
        ]
      : []),
  ];
}

function latePublishers(rows: readonly CompletedRow[]): string[] {
  const late = rows.filter(isPublisherLate).map((row) => {
    const lagUs = Math.round(row.generator.scheduleLagUs.p50 ?? 0);
    const latencyUs = latencyEstimate(row, 'p50').value ?? lagUs;
    return `${row.label} (${formatCount(lagUs)} µs, ${Math.round((100 * lagUs) / latencyUs)} % of its p50)`;
  });
  if (late.length === 0) return [];
  return [`The publisher itself was late, and its lag is in the latency (*) of ${listed(late)}.`];
}

/** A warm-up of fewer deliveries and of less time: code may still be compiled, and buffers grow, in the window. */
function shortWarmup({ scenario: { workload } }: Report): string[] {
  if (workload.publish === 'observe') return [];
  const deliveries = Math.round((deliveriesPerSecond(workload) * workload.warmupMs) / 1_000);
  if (deliveries >= WARM_AFTER.deliveries || workload.warmupMs >= WARM_AFTER.ms) return [];
  return [
    `The warm-up was short (${formatCount(deliveries)} deliveries in ${formatDurationMs(workload.warmupMs)}; it takes ${formatCount(WARM_AFTER.deliveries)}, or ${formatDurationMs(WARM_AFTER.ms)}): CPU and latency may hold what a server does only once.`,
  ];
}

/** Rows of which most rounds had no steady window: a single one may be chance. */
function unsteady({ scenario }: Report, rows: readonly CompletedRow[]): string[] {
  // What is done to a run is there to disturb it.
  if (scenario.faults !== null) return [];
  const restless = rows.flatMap((row) => {
    const judged = completedRuns(row).flatMap(({ steadyState }) => steadyState ?? []);
    const unreached = judged.filter(({ reached }) => !reached);
    if (!hasPercentiles(row) || 2 * unreached.length <= judged.length) return [];
    const drifts = unreached.map(({ drift }) => drift.toFixed(2)).sort();
    const drift = between(drifts[0] ?? '', drifts.at(-1) ?? '');
    return [`${row.label} (${unreached.length} of ${judged.length} rounds, second half ${drift} of the first)`];
  });
  if (restless.length === 0) return [];
  return [
    `Latency was not steady through the window of ${listed(restless)}: a longer --warmup, or a lower --rate, may help.`,
  ];
}

function uplink({ scenario: { workload } }: Report): string[] {
  if (workload.publish !== 'clients') return [];
  if (workload.channels === 'private') {
    return ['Each client hears its own messages only: latency is the round trip, client to server and back.'];
  }
  return ['Clients publish: latency runs from publish to receive, uplink included.'];
}

function polls(rows: readonly CompletedRow[]): string[] {
  const polling = rows.filter((row) => row.deliveredBy === 'pull' && typeof row.settings.intervalMs === 'number');
  if (polling.length === 0) return [];
  return [
    `${listed(polling.map((row) => row.label))}: the poll interval sets the latency; the seed spreads the clients' polls over it.`,
  ];
}

function ipLayer({ environment }: Report, rows: readonly CompletedRow[]): string[] {
  if (environment.network === 'loopback') return [];
  const measured = rows.some(({ bytes: { ip } }) => ip?.source === 'measured');
  return [
    ...(measured ? ['Bytes with IP and TCP headers and acknowledgements, measured, are among the details.'] : []),
    'Measured on a loopback with an MTU of 1500 and one segment a packet: large messages cost more CPU than without --wire.',
  ];
}

function fewRounds(rows: readonly CompletedRow[]): string[] {
  const rounds = Math.max(0, ...rows.map((row) => completedRuns(row).length));
  if (rounds === 0) return [];
  if (rounds >= MIN_ROUNDS_FOR_INTERVAL) return [intervals(rounds), ...impossibleTests(rounds, rows)];
  if (rounds === 1) return ['One round shows no spread: another run may differ by more than the rows do.'];
  return [
    `${counted(rounds, 'round')} give a range, not a confidence interval, which takes ${MIN_ROUNDS_FOR_INTERVAL}.`,
  ];
}

/** What ended the rounds where their number was left open, and how precise they came to be. */
function endOfRounds(report: Report, rows: readonly CompletedRow[]): string[] {
  const { auto } = report.scenario;
  const least = leastPrecise(rows);
  if (auto === null || least === undefined) return [];
  const rounds = counted(roundsOf(report), 'round');
  const within = `±${(100 * PRECISION).toFixed(0)} %`;
  const widest = Number.isFinite(least.halfWidth)
    ? `the widest interval is ±${(100 * least.halfWidth).toFixed(1)} % (${least.name} of ${least.row.label})`
    : `${least.row.label} has no interval of its ${least.name} yet`;
  if (report.endedBy === 'precision') {
    return [
      `After ${rounds} p50 and p99 of every row were within ${within}, which ended them; to stop there makes the intervals hold a little less often still.`,
    ];
  }
  if (report.endedBy === 'budget') {
    return [`The budget of ${formatDurationMs(auto.budgetMs)} ended after ${rounds}, short of ${within}: ${widest}.`];
  }
  return [`The rounds did not go on to ${within}: ${widest}.`];
}

/** How often the intervals hold the true figure, as `coverage.test.ts` simulates it: percentiles need many rounds. */
function intervals(rounds: number): string {
  const [ofP50, ofP99] = rounds < 15 ? [88, 83] : [93, 88];
  return `Intervals are of 95 % by name: from ${rounds} rounds they hold the true p50 in about ${ofP50} of 100 cases, the true p99 in ${ofP99}.`;
}

/** Rounds too few for the signed-rank test to find anything, however clear, once it is corrected for all pairs. */
function impossibleTests(rounds: number, rows: readonly CompletedRow[]): string[] {
  const ranked = rows.filter(isRanked).length;
  const pairs = (ranked * (ranked - 1)) / 2;
  if (pairs === 0 || smallestP(rounds) * pairs < SIGNIFICANCE) return [];
  let needed = rounds;
  while (smallestP(needed) * pairs >= SIGNIFICANCE) needed++;
  return [
    `With ${rounds} rounds and ${counted(pairs, 'pair')} of rows only a difference above 10 % in every round is called one; ${needed} rounds can tell less.`,
  ];
}
