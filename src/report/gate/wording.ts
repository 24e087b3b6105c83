import { formatBytes, formatUs } from '../../units.js';
import { counted } from '../wording.js';
import type { GateReport, GateVerdict } from './schema.js';

/** `+4.1 %`, with a sign; `–` where there is none. */
export function changeText(ratio: number | null): string {
  return ratio === null ? '–' : signedPercent(ratio - 1);
}

export function signedPercent(share: number): string {
  const percent = (100 * Math.abs(share)).toFixed(1);
  return percent === '0.0' ? '±0.0 %' : `${share > 0 ? '+' : '−'}${percent} %`;
}

/** `−0.8 to +2.1 %`. */
export function intervalText(interval: { readonly low: number; readonly high: number } | null): string {
  if (interval === null) return '–';
  return `${signedPercent(interval.low - 1).replace(' %', '')} to ${signedPercent(interval.high - 1)}`;
}

export function gateValue(unit: 'µs' | 'B', value: number | null): string {
  if (value === null) return '–';
  return unit === 'µs' ? formatUs(value) : formatBytes(Math.round(value));
}

export function pText(p: number | null): string {
  if (p === null) return '–';
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}

/** The verdict and why, in a line. */
export function gateSentence({ verdict, reason }: Pick<GateReport, 'verdict' | 'reason'>): string {
  const says: Readonly<Record<GateVerdict, string>> = {
    pass: 'pass',
    regression: 'regression',
    inconclusive: 'inconclusive',
  };
  return `${says[verdict]}: ${reason}`;
}

/** What was measured, for the head of a table. */
export function gateFacts(report: GateReport): string {
  const { scenario, used, planned, pairs, label } = report;
  const { clients, ratePerSecond, sizeBytes, durationMs } = scenario.workload;
  const discarded = pairs.length - used;
  return [
    label,
    `${clients} clients`,
    `${ratePerSecond}/s of ${sizeBytes} B`,
    `windows of ${durationMs / 1_000} s in turns of ${scenario.interleaveMs} ms`,
    `${counted(used, 'pair')} of ${planned} at the most`,
    ...(discarded > 0 ? [`${discarded} not used`] : []),
  ].join(' · ');
}

export function sideText({ title, packages, server }: GateReport['base']): string {
  if (server) return serverText(server);
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return versions.length === 0 ? title : versions.join(', ');
}

/** `node server.js at main (1a2b3c4)`, `node server.js (5d6e7f8, with changes)`. */
function serverText({ url, command, ref, commit, changed }: NonNullable<GateReport['base']['server']>): string {
  if (command === null) return `the server at ${url}`;
  const facts = [...(commit === null ? [] : [commit.slice(0, 7)]), ...(changed ? ['with changes'] : [])].join(', ');
  return `${command}${ref === null ? '' : ` at ${ref}`}${facts === '' ? '' : ` (${facts})`}`;
}

/** What a reader has to know to read a gate's table. */
export function gateLegend({ alpha, looks }: GateReport): string[] {
  const after = looks.map(({ pairs }) => pairs).join(', ');
  return [
    'change: head over base within pairs that ran side by side, Hodges–Lehmann, with its 95 % interval',
    `regression: signed-rank test, after Holm, below what the look has of ${100 * alpha} %, and the change beyond threshold and noise floor`,
    'pass: the same test excludes a change as large as the threshold',
    `noise floor: what these pairs come to by chance alone; looked at after ${after || 'no'} pairs`,
  ];
}
