import { type Estimate, hasIntervals, latencyEstimate, serverCpuEstimate } from '../report/estimate.js';
import type { CompletedRow, CompletedRun, Report, ReportRow, RunResult } from '../report/schema.js';
import { hasPercentiles, type Tolerance, toleranceOf } from '../report/tolerance.js';
import type { Reporter } from './reporter.js';

/** For spreadsheets and scripts: the table's figures, a line a row and below it one for each of its rounds. */
export const csvReporter: Reporter = {
  name: 'csv',
  summary: 'the table and its rounds as CSV, a unit in every name',
  render(report) {
    const lines = report.transports.flatMap((row) => [
      recordOf(row, ofRow(row, report)),
      ...row.rounds.map((run) => recordOf(row, ofRound(run, report))),
    ]);
    return [CSV_COLUMNS, ...lines.map((record) => CSV_COLUMNS.map((name) => cellOf(record[name])))]
      .map((cells) => `${cells.join(',')}\n`)
      .join('');
  },
};

/** Of every line, in their order. New ones are added at the end. */
const CSV_COLUMNS = [
  'technique',
  'transport',
  'settings',
  'group',
  'round',
  'state',
  'verdict',
  'latencyP50Ms',
  'latencyP50LowMs',
  'latencyP50HighMs',
  'latencyP99Ms',
  'latencyP99LowMs',
  'latencyP99HighMs',
  'toleratedMs',
  'withinTolerated',
  'bytesDownPerDelivery',
  'bytesUpPerDelivery',
  'serverCpuUsPerDelivery',
  'serverCpuUsPerDeliveryLow',
  'serverCpuUsPerDeliveryHigh',
  'boundsAre',
  'serverMemoryBytesPerClient',
  'deliveriesExpected',
  'deliveriesMade',
  'deliveriesLost',
  'deliveriesTwice',
  'deliveriesLate',
  'reasons',
] as const;

/** `null`: not measured, an empty cell. */
type Value = string | number | null;
type Figures = Partial<Record<(typeof CSV_COLUMNS)[number], Value>>;

const TOLERANCES: Readonly<Record<Tolerance, Value>> = {
  within: 'yes',
  borderline: 'partly',
  over: 'no',
  unknown: null,
};

function recordOf({ label, transport, settings, group }: ReportRow, figures: Figures): Figures {
  const spelled = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return { technique: label, transport, settings: spelled.join(','), group, ...figures };
}

/** All rounds of a row together, as the table has them. */
function ofRow(row: ReportRow, { scenario }: Report): Figures {
  const { state, reasons } = row;
  const common = { state, toleratedMs: scenario.toleratesMs, reasons: reasons.join('; ') };
  if (row.state !== 'completed') return common;
  const { spread } = row;
  const sound = row.verdict !== 'invalid';
  return {
    ...common,
    verdict: row.verdict,
    ...latencyOf(row),
    withinTolerated: sound ? TOLERANCES[toleranceOf(row, scenario.toleratesMs)] : null,
    bytesDownPerDelivery: spread.bytesPerMessage.down.median,
    bytesUpPerDelivery: spread.bytesPerMessage.up.median,
    ...bounded('serverCpuUsPerDelivery', '', serverCpuEstimate(row), 1),
    boundsAre: hasIntervals([row]) ? '95 % interval' : 'range of rounds',
    serverMemoryBytesPerClient: spread.rssPerClientBytes.median,
    ...deliveryOf(row),
  };
}

function latencyOf(row: CompletedRow): Figures {
  if (!hasPercentiles(row)) return {};
  return {
    ...bounded('latencyP50', 'Ms', latencyEstimate(row, 'p50'), 1_000),
    ...bounded('latencyP99', 'Ms', latencyEstimate(row, 'p99'), 1_000),
  };
}

function bounded(name: string, unit: string, { value, bounds }: Estimate, divisor: number): Figures {
  return {
    [`${name}${unit}`]: scaled(value, divisor),
    [`${name}Low${unit}`]: scaled(bounds?.low ?? null, divisor),
    [`${name}High${unit}`]: scaled(bounds?.high ?? null, divisor),
  };
}

function ofRound(run: RunResult, { scenario }: Report): Figures {
  const common = { round: run.round + 1, state: run.state, toleratedMs: scenario.toleratesMs };
  if (run.state !== 'completed') return { ...common, reasons: run.reason };
  const { bytes, server, latencyUs, verdict } = run;
  const told = verdict !== 'saturated';
  const { p99 } = latencyUs;
  return {
    ...common,
    verdict,
    latencyP50Ms: told ? scaled(latencyUs.p50, 1_000) : null,
    latencyP99Ms: told ? scaled(p99, 1_000) : null,
    withinTolerated:
      told && verdict !== 'invalid' && p99 !== null ? (p99 <= 1_000 * scenario.toleratesMs ? 'yes' : 'no') : null,
    bytesDownPerDelivery: bytes.perMessage.down,
    bytesUpPerDelivery: bytes.perMessage.up,
    serverCpuUsPerDelivery: server.cpuUsPerMessage,
    serverMemoryBytesPerClient: server.rssPerClientBytes,
    ...deliveryOf(run),
    reasons: run.reasons.join('; '),
  };
}

function deliveryOf({ delivery }: CompletedRow | CompletedRun): Figures {
  return {
    deliveriesExpected: delivery.expected,
    deliveriesMade: delivery.delivered,
    deliveriesLost: delivery.lost,
    deliveriesTwice: delivery.duplicated,
    deliveriesLate: delivery.reordered,
  };
}

function scaled(value: number | null, divisor: number): number | null {
  return value === null ? null : value / divisor;
}

function cellOf(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : textCell(value);
}

/** What spreadsheets take for a formula at the beginning of a cell, wide forms included. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
/** `;` and tabs: some spreadsheets part cells at them. */
const TO_QUOTE = /[",;\t\r\n]|^\s|\s$/;

/** Quoted as in RFC 4180 where it has to be; what would be a formula stands behind an apostrophe. */
export function textCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return safe !== text || TO_QUOTE.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
