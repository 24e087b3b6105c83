import type { Inspection } from '../report/inspection/inspection.js';
import { formatCount } from '../units.js';
import { type Paint, paintWith } from './ansi.js';
import { annotatedBytes } from './inspect-bytes.js';
import { drawing } from './inspect-drawing.js';
import { KINDS } from './inspect-kinds.js';
import { item, paragraph } from './layout.js';

const MIN_WIDTH = 60;
const MAX_WIDTH = 110;

export interface InspectTextOptions {
  readonly width: number;
  readonly color: boolean;
  /** With a dump of each unit's bytes. */
  readonly raw: boolean;
}

/** An inspection for people: the exchange as a drawing, its bytes one by one, and their sums. Pure. */
export function renderInspection(inspection: Inspection, { width, color, raw }: InspectTextOptions): string {
  const columns = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width));
  const paint = paintWith(color);
  const { label, url, pattern } = inspection;
  const whom = url === null ? 'the reference server' : url;
  const lines = [
    paint('bold', `${label}: an exchange with ${whom}, byte for byte`),
    ...(pattern ? paragraph(`Pattern ${pattern.name}: ${pattern.summary}.`, columns) : []),
    '',
    ...drawing(inspection, columns, paint),
    '',
    ...paragraph('Offset in the unit, bytes, and what they say and are there for:', columns),
    '',
    ...annotatedBytes(inspection.events, { width: columns, paint, raw }),
    ...sums(inspection, columns, paint),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function sums({ sums, count }: Inspection, width: number, paint: Paint): string[] {
  const row = (title: string, up: number, down: number) =>
    `  ${title.padEnd(24)}${formatCount(up).padStart(12)}${formatCount(down).padStart(12)}`;
  const shown = KINDS.filter(({ kind }) => sums.up[kind] + sums.down[kind] > 0);
  return [
    paint('bold', `  ${'What bytes are for'.padEnd(24)}${'up, B'.padStart(12)}${'down, B'.padStart(12)}`),
    ...shown.map(({ kind, title, style }) => paint(style, row(title, sums.up[kind], sums.down[kind]))),
    row('together', count.parts.up, count.parts.down),
    ...agreement(count, width, paint),
  ];
}

function agreement(
  { problems, server, uncounted }: Inspection['count'],
  width: number,
  paint: Paint,
): readonly string[] {
  if (problems.length > 0) {
    return problems.flatMap((problem) => item(problem, width, '✗')).map((line) => paint('red', line));
  }
  if (!server) return paragraph('The parts make what was recorded.', width);
  const ledger =
    uncounted.up.length + uncounted.down.length === 0
      ? ", and so does the server's ledger, part by part."
      : '. A library keeps to itself how it frames: of the parts, the ledger of the server knows the payload, if that.';
  return paragraph(`The parts make what was recorded and what the server's sockets counted${ledger}`, width);
}
