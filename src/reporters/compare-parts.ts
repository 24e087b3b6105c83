import type { Compared, ComparedVerdict, ComparisonReport } from '../report/compare/schema.js';
import { comparedFigure, ratioText, ratioWithInterval } from '../report/compare/wording.js';

/** What has changed, in the order of the report. */
export function changesOf({ figures }: ComparisonReport): Compared[] {
  return figures.filter(({ verdict }) => verdict === 'worse' || verdict === 'better');
}

export const CHANGE_HEAD = ['', 'figure', 'base', 'head', 'ratio', ''] as const;

/** A line for a change: whose, what, before, after, ratio with its interval, verdict. */
export function changeCells(change: Compared): string[] {
  const { label, title, base, head, verdict } = change;
  return [label, title, comparedFigure(change, base), comparedFigure(change, head), ratioWithInterval(change), verdict];
}

/** Figures that have a column in the table of ratios; whether messages came as promised is said only where it changed. */
const COLUMNS: readonly { readonly path: string; readonly title: string }[] = [
  { path: 'latencyUs.p50', title: 'p50' },
  { path: 'latencyUs.p99', title: 'p99' },
  { path: 'server.cpuUsPerMessage', title: 'CPU' },
  { path: 'server.rssPerClientBytes', title: 'memory' },
  { path: 'bytes.perMessage.down', title: 'B down' },
  { path: 'bytes.perMessage.up', title: 'B up' },
];

export const RATIO_HEAD = ['', ...COLUMNS.map(({ title }) => title)];

export interface RatioLine {
  readonly label: string;
  readonly cells: readonly { readonly text: string; readonly verdict: ComparedVerdict }[];
}

/** All ratios, a line for each row. */
export function ratioLines({ rows, figures }: ComparisonReport): RatioLine[] {
  return rows.map((label) => ({
    label,
    cells: COLUMNS.map(({ path }) => {
      const found = figures.find((figure) => figure.label === label && figure.path === path);
      const verdict = found?.verdict ?? 'not measured';
      return { text: `${ratioText(found?.ratio ?? null)}${MARKS[verdict]}`, verdict };
    }),
  }));
}

const MARKS: Readonly<Record<ComparedVerdict, string>> = {
  worse: ' ▲',
  better: ' ▼',
  'no difference': '',
  'too few rounds': ' ?',
  'not measured': '',
};

/** What the marks mean, of those that there are. */
export function marksLegend({ figures }: ComparisonReport): string {
  const meanings = { worse: '▲ worse', better: '▼ better', 'too few rounds': '? too few rounds to say' };
  const there = Object.entries(meanings).filter(([verdict]) => figures.some((figure) => figure.verdict === verdict));
  return there.map(([, meaning]) => meaning).join('   ');
}

/** `base  reports/a/result.json · 2026-11-29 02:33 UTC · 6 rounds · rtbench 0.1.0 · Node v20.20.2`. */
export function sideFacts({ file, startedAt, rounds, tool, node }: ComparisonReport['base']): string {
  const when = `${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  return [file, when, `${rounds} rounds`, `rtbench ${tool.version}`, `Node ${node}`].join(' · ');
}
