import { type Loads, NO_LOADS } from '../report/guide/loads-schema.js';
import type { GuideData, GuideExtra, GuideFacts } from '../report/guide/schema.js';
import type { Report } from '../report/schema.js';
import { exampleReport } from './example-report.js';

const web = { reconnect: 'by-client', browser: 'built-in', browserObstacle: null, framing: 'binary' } as const;

/** Facts of the example's rows, by their labels. */
export const EXAMPLE_FACTS: readonly GuideFacts[] = [
  {
    ...web,
    label: 'Short polling',
    protocol: 'HTTP',
    connection: 'new request every interval',
    uplink: 'separate-request',
  },
  { ...web, label: 'Long polling', protocol: 'HTTP', connection: 'held open', uplink: 'separate-request' },
  {
    ...web,
    label: 'SSE',
    protocol: 'HTTP',
    connection: 'single persistent HTTP',
    uplink: 'separate-request',
    framing: 'text',
    reconnect: 'built-in',
  },
  {
    ...web,
    label: 'WebSocket',
    protocol: 'WS (over TCP)',
    connection: 'single persistent TCP',
    uplink: 'same-connection',
  },
  {
    ...web,
    label: 'gRPC stream',
    protocol: 'gRPC (HTTP/2)',
    connection: 'single persistent HTTP/2',
    uplink: 'same-connection',
    browser: 'unavailable',
    browserObstacle: 'gRPC ends its answers with HTTP/2 trailers, which no browser shows to a page',
  },
];

const LABELS = EXAMPLE_FACTS.map(({ label }) => label);
type Each<Kind extends keyof GuideExtra> = NonNullable<GuideExtra[Kind]>['rows'][number];

/** Of each row the bytes of 1 KiB, as base64 where only text fits. */
const BINARY: readonly Omit<Each<'binary'>, 'label'>[] = [
  { publish: { up: 1_196, down: 86 }, message: { up: 106, down: 1_602 } },
  { publish: { up: 1_196, down: 86 }, message: { up: 118, down: 1_602 } },
  { publish: { up: 1_196, down: 86 }, message: { up: 0, down: 1_410 } },
  { publish: { up: 1_032, down: 0 }, message: { up: 0, down: 1_028 } },
  { publish: { up: 1_041, down: 0 }, message: { up: 0, down: 1_048 } },
];

const UPGRADE = {
  at: 'location',
  text: 'proxy_set_header Upgrade $http_upgrade;',
  reason: 'the upgrade is not passed on by itself',
  source: 'https://nginx.org/en/docs/http/websocket.html',
};

const PROXIES: readonly Omit<Each<'nginx'>, 'label' | 'direct'>[] = [
  { outcome: 'delivered', reason: null, mend: null },
  { outcome: 'delivered', reason: null, mend: null },
  {
    outcome: 'delayed',
    reason: 'held back until about 4 KiB were published',
    mend: [{ ...UPGRADE, text: 'proxy_buffering off;' }],
  },
  { outcome: 'dead', reason: 'Unexpected server response: 400', mend: [UPGRADE] },
  { outcome: 'dead', reason: 'UNAVAILABLE', mend: null },
];

/** µs of CPU a second that a client takes of each row's server. */
const US_PER_CLIENT = [900, 700, 300, 290, 500];

/** Everything measured, as a run with `--table guide` leaves it. */
export const EXAMPLE_EXTRA: GuideExtra = {
  binary: { sizeBytes: 1_024, rows: LABELS.map((label, index) => ({ label, ...at(BINARY, index) })), failed: [] },
  cut: {
    atMs: 1_000,
    reconnect: 'immediate',
    rows: LABELS.map((label, index) => ({
      label,
      verdict: 'valid' as const,
      clientsDropped: 100,
      clientsAway: 0,
      noticeUs: { p50: 900 },
      backUs: { p50: 21_000 + 1_000 * index, all: 44_000 },
      resumed: true,
      missed: 0,
      recovered: 120,
    })),
    failed: [],
  },
  nginx: {
    version: '1.22.1',
    rows: LABELS.map((label, index) => ({ label, direct: 'delivered', ...at(PROXIES, index) })),
    failed: [],
  },
  growth: {
    clients: [25, 50],
    rows: LABELS.map((label, index) => ({
      label,
      points: [0, 1, 2].flatMap((round) =>
        [25, 50].map((clients) => ({ clients, round, cpuShare: (clients * at(US_PER_CLIENT, index)) / 1_000_000 })),
      ),
    })),
    failed: [],
  },
};

export function exampleGuide(extra: GuideData['extra'] = EXAMPLE_EXTRA, loads: Loads = NO_LOADS): GuideData {
  return { facts: [...EXAMPLE_FACTS], extra, loads };
}

let example: Report | undefined;

/** The example report as `--table guide` leaves it, or with other extra measurements; built once, as that takes time. */
export function guideReport(extra?: GuideData['extra'], loads?: Loads): Report {
  example ??= exampleReport();
  return { ...example, guide: exampleGuide(extra, loads) };
}

function at<T>(items: readonly T[], index: number): T {
  const found = items[index];
  if (found === undefined) throw new Error(`there is no example ${index}`);
  return found;
}
