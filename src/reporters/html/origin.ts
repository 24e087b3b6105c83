import type { Overlay, Source } from '../../report/overlay.js';
import type { Environment, Report } from '../../report/schema.js';
import { formatBytes, formatCount, formatDurationMs } from '../../units.js';
import { detailGroupsOf } from '../details.js';
import { ROUND_COLUMNS } from '../round-columns.js';
import { type MeasuredRow, rowName } from './bars.js';
import { fold, html, type Markup, NOTHING, table } from './markup.js';
import type { PageRow } from './tones.js';

/** Every figure and every round, folded up. */
export function everythingSection(rows: readonly PageRow[], measured: readonly MeasuredRow[]): Markup {
  const rounds = table(
    ROUND_COLUMNS.map(({ title, align }) => ({ title, align })),
    rows.flatMap((shown) =>
      shown.row.rounds.map((run) => [rowName(shown), ...ROUND_COLUMNS.slice(1).map(({ value }) => value(run))]),
    ),
    'Every round of every row',
  );
  return html`<section id="everything"><h2>Everything measured</h2>
${measured.length === 0 ? NOTHING : fold('Every figure', detailTables(measured))}
${fold('Every round', rounds)}
</section>`;
}

function detailTables(measured: readonly MeasuredRow[]): Markup[] {
  return detailGroupsOf(measured.map(({ row }) => row)).map(
    ({ title, figures }) => html`<h3>${title}</h3>
${table(
  [{ title: '', align: 'left' }, ...measured.map(({ row }) => ({ title: row.label, align: 'right' as const }))],
  figures.map(({ label, value }) => [label, ...measured.map(({ row }) => value(row))]),
  title,
)}`,
  );
}

/** Where and how it was measured, and the command that does it again. */
export function originSection({ sources }: Overlay): Markup {
  return html`<section id="origin"><h2>How it was measured</h2>
${sources.map(originOf)}
</section>`;
}

/** What a document says of how it came about; that of several scenarios has none of its own. */
export type MadeDocument = Pick<Report, 'startedAt' | 'durationMs' | 'tool' | 'command' | 'environment'> & {
  readonly scenario?: Pick<Report['scenario'], 'seed' | 'probes' | 'workers'>;
};

function originOf({ name, report }: Source): Markup {
  return html`${name === '' ? '' : html`<h3>${name}</h3>`}
${originFacts(report)}`;
}

/** The command that does it again, and the machine that it was done on. */
export function originFacts(made: MadeDocument): Markup {
  const { startedAt, durationMs, tool, scenario, command, environment } = made;
  const facts: readonly (readonly [string, string])[] = [
    ['measured', `${startedAt.slice(0, 16).replace('T', ' ')} UTC, in ${formatDurationMs(durationMs)}`],
    [
      'with',
      `${tool.name} ${tool.version}${scenario === undefined ? '' : `, seed ${scenario.seed}, ${scenario.probes} probes, ${scenario.workers} workers`}`,
    ],
    ...machineFacts(environment),
  ];
  return html`<p>The command that measures it again:</p>
<pre><code>${command}</code></pre>
<dl>${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>`;
}

function machineFacts(environment: Environment): [string, string][] {
  const { cpu, cores, memoryBytes, os, kernel, node, libraries, network, tls, proxy, descriptors, pinning } =
    environment;
  const optional: readonly (readonly [string, string | null])[] = [
    ['TCP congestion control', environment.tcpCongestion],
    ['CPU limit', environment.cgroupCpuMax],
    ['descriptors', descriptors === null ? null : formatCount(descriptors)],
    ['pinned', pinning === null ? null : spelled(pinning)],
    ['TLS', tls === null ? null : `${tls.version}, ${tls.cipher}`],
    ['proxy', proxy === null ? null : spelled(proxy)],
  ];
  return [
    ['machine', `${cpu}, ${cores} cores, ${formatBytes(memoryBytes)}`],
    ['system', `${os}, kernel ${kernel}`],
    ['Node', node],
    ['libraries', spelled(libraries)],
    ['network', network === 'loopback' ? 'loopback' : 'loopback of a network namespace, MTU 1500'],
    ...optional.flatMap(([term, fact]): [string, string][] => (fact === null ? [] : [[term, fact]])),
  ];
}

function spelled(things: Readonly<Record<string, unknown>>): string {
  return Object.entries(things)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
