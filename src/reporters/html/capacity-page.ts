import { median } from 'simple-statistics';
import type { CapacityReport, CapacityRow } from '../../report/capacity/schema.js';
import {
  capacityLegend,
  capacityNotes,
  capacityStatements,
  capacityTitle,
  FAILURE_WORDS,
  formatLevel,
  levelInWords,
} from '../../report/capacity/wording.js';
import { scaleFacts } from '../../report/scale-wording.js';
import { latencyMs } from '../../report/wording.js';
import { formatDurationMs } from '../../units.js';
import { capacityColumns } from '../capacity-parts.js';
import { NO_FIGURE } from '../columns.js';
import { loadFacts } from '../prose.js';
import { chartFigure } from './chart-figure.js';
import type { ChartData } from './chart-shape.js';
import { type LoadRow, loadPage, loadRows, rowSwitches } from './load-page.js';
import { type Content, html, type Markup, NOTHING, table } from './markup.js';

/** A capacity as a page of its own: the brackets, and the latency of every trial against its level. */
export function renderCapacityPage(report: CapacityReport): string {
  const rows = loadRows(report.transports);
  const chart = chartOf(report, rows);
  return loadPage({
    title: capacityTitle(report),
    lead: report.scenario.question,
    facts: [...loadFacts(report.scenario), ...scaleFacts(report.scenario)],
    warning: report.interrupted ? 'Interrupted: not every search came to its end.' : '',
    statements: capacityStatements(report),
    charts: chart === null ? [] : [chart],
    content: html`${bracketsSection(report, rows)}
${chart === null ? NOTHING : html`${rowSwitches(rows)}${latencySection(chart, report, rows)}`}`,
    notes: capacityNotes(report),
    legend: capacityLegend(report),
    made: report,
  });
}

function bracketsSection(report: CapacityReport, rows: readonly LoadRow[]): Markup {
  const columns = capacityColumns(report);
  return html`<section id="brackets"><h2>Brackets</h2>
${table(
  [{ title: '', align: 'left' }, ...columns.map(({ title }) => ({ title: broken(title), align: 'right' as const }))],
  report.transports.map((row, index) => [rows[index]?.name ?? '', ...columns.map(({ cell }) => cell(row))]),
  'Highest level that passes and lowest that does not, of every row',
)}
</section>`;
}

/** Its unit below it. */
function broken(title: string): Content {
  const [name = '', ...units] = title.split(', ');
  return html`${name}${units.map((unit) => html`<br>${unit}`)}`;
}

/** The middle of the trials at each level that say something of latency; those of a disturbed run do not. */
function chartOf({ find, objective, transports }: CapacityReport, rows: readonly LoadRow[]): ChartData | null {
  const told = transports.map(({ trials }) =>
    trials.flatMap(({ level, outcome, latencyUs: { p99 } }) =>
      p99 !== null && (outcome === 'pass' || outcome === 'latency') ? [{ level, ms: p99 / 1_000 }] : [],
    ),
  );
  const values = [...new Set(told.flat().map(({ level }) => level))].sort((a, b) => a - b);
  const [low, high] = [values[0], values.at(-1)];
  if (low === undefined || high === undefined) return null;
  return {
    id: 'trials',
    x: {
      title: find === 'clients' ? 'clients' : 'messages a second',
      values,
      ticks: values.map((at) => ({ at, text: formatLevel(find, at) })),
      names: values.map((level) => `At ${levelInWords(level, find)}`),
      min: low / 1.15,
      max: high * 1.15,
      log: true,
    },
    y: { title: 'latency p99, ms', unit: 'ms', log: true },
    across: { at: objective.p99Ms, text: `objective: ${formatDurationMs(objective.p99Ms)}` },
    series: rows.map(({ label, index, tone }) => ({
      label,
      row: index,
      tone,
      look: 'points' as const,
      joined: true,
      values: values.map((value) => {
        const here = (told[index] ?? []).filter(({ level }) => level === value).map(({ ms }) => ms);
        return here.length === 0 ? null : median(here);
      }),
    })),
  };
}

function latencySection(chart: ChartData, report: CapacityReport, rows: readonly LoadRow[]): Markup {
  return html`<section id="latency"><h2>Latency against load</h2>
${chartFigure({
  chart,
  description: `Latency p99 in ms of ${rows.length} rows at the levels that were tried.`,
  caption:
    'The p99 of each level that was tried, the middle one where it was tried more than once; levels between were not. A trial that the instrument spoiled, or that lost messages, has no point. Both axes are logarithmic.',
  table: trialsTable(report, rows),
})}
</section>`;
}

function trialsTable({ find, transports }: CapacityReport, rows: readonly LoadRow[]): Markup {
  const lines = transports.flatMap(({ trials }, index) =>
    trials.map((trial) => [
      rows[index]?.name ?? '',
      formatLevel(find, trial.level),
      trial.latencyUs.p99 === null ? NO_FIGURE : latencyMs(trial.latencyUs.p99),
      outcomeOf(trial),
    ]),
  );
  return table(
    [
      { title: '', align: 'left' },
      { title: 'level', align: 'right' },
      { title: 'p99 ms', align: 'right' },
      { title: 'outcome', align: 'left' },
    ],
    lines,
    'Every trial',
  );
}

function outcomeOf({ outcome, kind }: CapacityRow['trials'][number]): Markup {
  const long = kind === 'confirm' ? ', long stage' : '';
  if (outcome === null) return html`interrupted`;
  if (outcome === 'pass') return html`<span class="green">passes</span>${long}`;
  return html`<span class="red">${FAILURE_WORDS[outcome]}</span>${long}`;
}
