import type { CompletedRow } from '../report/schema.js';
import { latencyMs, plainFigure } from '../report/wording.js';
import { formatCount } from '../units.js';
import { type DetailFigure, type DetailGroup, orDash } from './detail-figures.js';

type UplinkOfRow = NonNullable<CompletedRow['uplink']>;

/** What clients sent while the server published. */
export const uplinkGroup: DetailGroup = {
  title: 'Messages from clients to the server, all rounds together; latency in ms: due → the server has it',
  appliesTo: ({ uplink }) => uplink !== null,
  figures: [
    figure('sent', ({ sent }) => sent, formatCount),
    figure('due, never sent', ({ unsent }) => unsent, formatCount),
    figure('taken', ({ taken }) => taken, formatCount),
    figure('lost', ({ lost }) => lost, formatCount),
    figure('taken twice', ({ duplicated }) => duplicated, formatCount),
    figure('out of order', ({ reordered }) => reordered, formatCount),
    figure('taken messages/s', ({ ratePerSecond }) => ratePerSecond, plainFigure),
    figure('latency p50', ({ latencyUs }) => latencyUs.p50, latencyMs),
    figure('latency p99', ({ latencyUs }) => latencyUs.p99, latencyMs),
    figure('from being sent, p99', ({ serviceLatencyUs }) => serviceLatencyUs.p99, latencyMs),
    figure('sent late µs, p99', ({ scheduleLagUs }) => scheduleLagUs.p99, plainFigure),
    bytes('bytes/message ↑', ({ up }) => up),
    bytes('bytes/message ↓', ({ down }) => down),
  ],
};

function figure(
  label: string,
  of: (uplink: UplinkOfRow) => number | null,
  format: (value: number) => string,
): DetailFigure {
  return { label, value: ({ uplink }) => orDash(uplink && of(uplink), format) };
}

function bytes(label: string, of: (perUplink: CompletedRow['bytes']['perUplink']) => number | null): DetailFigure {
  return { label, value: (row) => orDash(of(row.bytes.perUplink), plainFigure) };
}
