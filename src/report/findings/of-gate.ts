import type { GateFigureResult, GateReport } from '../gate/schema.js';
import { plainFigure } from '../wording.js';
import type { Finding, Findings, Outcome } from './findings.js';

const OUTCOMES: Readonly<Record<GateFigureResult['verdict'], Outcome>> = {
  pass: 'passed',
  regression: 'failed',
  inconclusive: 'undecided',
};

/** Of the timing tier: every figure that was held between base and head. */
export function findingsOfGate({ label, base, head, startedAt, durationMs, figures }: GateReport): Findings {
  return {
    title: `${label}: ${head.title} against ${base.title}`,
    startedAt,
    durationMs,
    list: figures.map((figure) => finding(label, figure)),
  };
}

function finding(label: string, figure: GateFigureResult): Finding {
  const { title, unit, baseValue, headValue, ratio, interval, verdict, reason } = figure;
  const value = (of: number | null) => (of === null ? 'not measured' : `${plainFigure(of)} ${unit}`);
  const range = interval === null ? '' : ` (${interval.low.toFixed(3)}–${interval.high.toFixed(3)})`;
  const times = ratio === null ? '' : `, ratio ${ratio.toFixed(3)}${range}`;
  return {
    subject: label,
    name: title,
    outcome: OUTCOMES[verdict],
    text: `${label}: ${title} is ${value(baseValue)} in base, ${value(headValue)} in head${times}: ${verdict}: ${reason}`,
  };
}
