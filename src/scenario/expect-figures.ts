/** In what a threshold on a figure is written; the figure itself is in µs, ms, B, a share of 1 or a plain number. */
export type FigureUnit = 'us' | 'ms' | 'bytes' | 'share' | 'perSecond' | 'count';

export interface ExpectFigure {
  readonly unit: FigureUnit;
  /** Counted to the last one, so that a threshold may ask for exactly so many. */
  readonly exact: boolean;
  /** Least that it can be; `null`: it may be below 0. A threshold that holds of it whatever comes is none. */
  readonly least: 0 | null;
}

const DISTRIBUTIONS = [
  'latencyUs',
  'serviceLatencyUs',
  'crowdLatencyUs',
  'firstRecipientUs',
  'lastRecipientUs',
  'connectUs',
] as const;

const PERCENTILES = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

const timeUs: ExpectFigure = { unit: 'us', exact: false, least: 0 };
const timeMs: ExpectFigure = { unit: 'ms', exact: false, least: 0 };
const count: ExpectFigure = { unit: 'count', exact: true, least: 0 };
const ratio: ExpectFigure = { unit: 'count', exact: false, least: 0 };
const share: ExpectFigure = { unit: 'share', exact: false, least: 0 };
const rate: ExpectFigure = { unit: 'perSecond', exact: false, least: 0 };
const bytes: ExpectFigure = { unit: 'bytes', exact: true, least: 0 };
const sampledBytes: ExpectFigure = { unit: 'bytes', exact: false, least: null };

/** Of keys below a path: `below('delivery', ['lost'], count)` is `delivery.lost`. */
function below(path: string, keys: readonly string[], figure: ExpectFigure): [string, ExpectFigure][] {
  return keys.map((key) => [`${path}.${key}`, figure]);
}

const PER = ['bytes.perMessage', 'bytes.perPublish', 'bytes.perUplink'] as const;

/** The figures of a row in `result.json` that a threshold may be about, by their path there. */
export const EXPECT_FIGURES: ReadonlyMap<string, ExpectFigure> = new Map([
  ...DISTRIBUTIONS.flatMap((path) => below(path, PERCENTILES, timeUs)),
  ...below('stalenessMs', ['mean', 'p99'], timeMs),
  ...below('delivery', ['published', 'unpublished', 'expected', 'delivered', 'lost', 'duplicated', 'reordered'], count),
  ...below('connections', ['opened', 'dropped', 'reconnected'], count),
  ...below('throughput', ['offeredPerSecond', 'deliveredPerSecond'], rate),
  ...below('bytes', ['up', 'down'], bytes),
  ...PER.flatMap((path) => below(path, ['up', 'down'], bytes)),
  ...below('bytes.requests', ['total', 'empty'], count),
  ...below('bytes', ['messagesPerResponse', 'frames'], ratio),
  ...below('bytes.ip', ['bytes'], bytes),
  ...below('bytes.ip', ['packets', 'retransmitted'], count),
  ...below('bytes.ip.perMessage', ['bytes'], bytes),
  ...below('bytes.ip.perMessage', ['packets'], ratio),
  ...below('server', ['cpuUsPerMessage'], timeUs),
  ...below('server', ['cpuShare', 'eventLoopUtilization', 'runDelayShare'], share),
  ...below('server', ['rssBytes', 'rssPerClientBytes'], sampledBytes),
  ...below('generator', ['cpuUsPerMessage'], timeUs),
  ...below('generator', ['cpuShare', 'eventLoopUtilization', 'busyInFlightShare', 'runDelayShare'], share),
  ...below('generator.scheduleLagUs', ['p50', 'p99', 'max'], timeUs),
  ...below('machine', ['busyShare', 'stealShare'], share),
  ...below('uplink', ['sent', 'unsent', 'taken', 'lost', 'duplicated', 'reordered'], count),
  ...below('uplink.latencyUs', PERCENTILES, timeUs),
  ...below('recovery.reconnectUs', PERCENTILES, timeUs),
]);
