import { basename, dirname } from 'node:path';
import { formatBytes, formatCount, formatDurationMs } from '../units.js';
import type { Report, ReportRow } from './schema.js';
import { plainFigure } from './wording.js';

/** A stored result and where it was read from. */
export interface SourceFile {
  readonly file: string;
  readonly report: Report;
}

export interface Source {
  /** What tells it from the others; empty where there are none. */
  readonly name: string;
  readonly report: Report;
}

export interface OverlayRow {
  /** Place of its source, from 0. */
  readonly source: number;
  /** The same for the same technique with the same settings in every source, from 0 in the order of appearance. */
  readonly technique: number;
  readonly report: Report;
  /** Its label says which source it is from, where there are several. */
  readonly row: ReportRow;
}

/** Several reports side by side. Nothing is ranked across them: each row keeps the verdict of its own report. */
export interface Overlay {
  /** In the order they were given; at least one. */
  readonly sources: readonly Source[];
  readonly rows: readonly OverlayRow[];
  /** What the workloads differ in, such as `rate: 100/s against 200/s`; with any of it rows of two sources are not comparable. */
  readonly unlikeWorkload: readonly string[];
  /** What else differs and moves figures: machine, versions, rounds. */
  readonly unlikeMachine: readonly string[];
}

/** Puts reports side by side. Throws where there is none. */
export function overlay(files: readonly SourceFile[]): Overlay {
  if (files.length === 0) throw new Error('no report to put side by side');
  const names = files.length === 1 ? [''] : namesOf(files);
  const sources = files.map(({ report }, index): Source => ({ name: names[index] ?? '', report }));
  const reports = files.map(({ report }) => report);
  const rows = sources.flatMap(({ name, report }, source) =>
    report.transports.map((row) => ({
      source,
      report,
      row: name === '' ? row : { ...row, label: `${row.label} · ${name}` },
    })),
  );
  return {
    sources,
    rows: withTechniques(rows),
    unlikeWorkload: differences(reports, WORKLOAD),
    unlikeMachine: differences(reports, MACHINE),
  };
}

/** Two rows of one source are never the same; a setting that one of two rtbenchs did not have yet tells nothing apart. */
function withTechniques(rows: readonly Omit<OverlayRow, 'technique'>[]): OverlayRow[] {
  const techniques: Omit<OverlayRow, 'technique'>[][] = [];
  return rows.map((shown) => {
    const known = techniques.findIndex(
      ([first, ...others]) =>
        first !== undefined &&
        isAlike(first.row, shown.row) &&
        [first, ...others].every(({ source }) => source !== shown.source),
    );
    const technique = known < 0 ? techniques.length : known;
    techniques[technique] = [...(techniques[technique] ?? []), shown];
    return { ...shown, technique };
  });
}

function isAlike(a: ReportRow, b: ReportRow): boolean {
  if (a.transport !== b.transport) return false;
  return Object.entries(a.settings).every(([key, value]) => (b.settings[key] ?? value) === value);
}

/** Rows of the same technique next to each other, in the order in which each first appears; controls last. */
export function ordered<Shown extends OverlayRow>(rows: readonly Shown[]): Shown[] {
  const together = [...rows].sort((a, b) => a.technique - b.technique);
  const isControl = ({ row }: OverlayRow) => row.group === 'control';
  return [...together.filter((shown) => !isControl(shown)), ...together.filter(isControl)];
}

/** What is to be known before rows of two reports are looked at side by side; empty for one report. */
export function likeness({ sources, unlikeWorkload, unlikeMachine }: Overlay): string[] {
  if (sources.length < 2) return [];
  const differs = [
    ...(unlikeWorkload.length > 0 ? [`Not the same workload: ${unlikeWorkload.join('; ')}.`] : []),
    ...(unlikeMachine.length > 0 ? [`Not the same conditions: ${unlikeMachine.join('; ')}.`] : []),
  ];
  return [
    ...(differs.length > 0 ? differs : ['The same workload, machine and versions, measured at different times.']),
    'Nothing is ranked across results: only rows of the same result ran in the same rounds.',
  ];
}

/** The shortest kind of name that tells all files apart: of the file, its folder, both, the scenario, the time. */
function namesOf(files: readonly SourceFile[]): string[] {
  const kinds: readonly ((source: SourceFile) => string)[] = [
    ({ file }) => stem(file),
    ({ file }) => basename(dirname(file)),
    ({ file }) => `${basename(dirname(file))}/${stem(file)}`,
    ({ report }) => report.scenario.name,
    ({ report }) => report.startedAt.slice(0, 16).replace('T', ' '),
  ];
  for (const kind of kinds) {
    const names = files.map(kind);
    if (new Set(names).size === names.length && names.every((name) => !['', '.', '..'].includes(name))) return names;
  }
  return files.map((source, index) => `${stem(source.file)} ${index + 1}`);
}

function stem(file: string): string {
  return basename(file).replace(/\.json$/, '');
}

interface Trait {
  readonly name: string;
  readonly of: (report: Report) => string;
}

const WORKLOAD: readonly Trait[] = [
  { name: 'scenario', of: ({ scenario }) => scenario.name },
  { name: 'scale', of: ({ scenario }) => plainFigure(scenario.scale) },
  { name: 'clients', of: ({ scenario }) => formatCount(scenario.workload.clients) },
  { name: 'probes', of: ({ scenario }) => formatCount(scenario.probes) },
  { name: 'channels', of: ({ scenario }) => String(scenario.workload.channels) },
  { name: 'published by', of: ({ scenario }) => `the ${scenario.workload.publish}` },
  { name: 'rate', of: ({ scenario }) => `${plainFigure(scenario.workload.ratePerSecond)}/s` },
  { name: 'payload', of: ({ scenario: { workload } }) => `${formatBytes(workload.sizeBytes)} of ${workload.payload}` },
  { name: 'arrivals', of: ({ scenario }) => arrivals(scenario.workload.arrivals) },
  { name: 'TLS', of: ({ scenario }) => (scenario.tls ? 'yes' : 'no') },
  { name: 'network', of: ({ scenario }) => spelled(scenario.network) },
  { name: 'through', of: ({ scenario }) => spelled(scenario.via) },
  { name: 'authentication', of: ({ scenario }) => scenario.auth ?? 'none' },
  { name: 'faults', of: ({ scenario }) => spelled(scenario.faults) },
  { name: 'slow readers', of: ({ scenario }) => spelled(scenario.slowReaders) },
  { name: 'when a client is full', of: ({ scenario }) => spelled(scenario.whenFull) },
  {
    name: 'heartbeats',
    of: ({ scenario }) => (scenario.heartbeatMs === null ? 'as set' : formatDurationMs(scenario.heartbeatMs)),
  },
];

const MACHINE: readonly Trait[] = [
  { name: 'window', of: ({ scenario }) => formatDurationMs(scenario.workload.durationMs) },
  { name: 'warm-up', of: ({ scenario }) => formatDurationMs(scenario.workload.warmupMs) },
  { name: 'tolerated delay', of: ({ scenario }) => formatDurationMs(scenario.toleratesMs) },
  { name: 'seed', of: ({ scenario }) => String(scenario.seed) },
  { name: 'CPU', of: ({ environment }) => environment.cpu },
  { name: 'cores', of: ({ environment }) => String(environment.cores) },
  { name: 'system', of: ({ environment }) => `${environment.os} ${environment.kernel}` },
  { name: 'Node', of: ({ environment }) => environment.node },
  { name: 'rtbench', of: ({ tool }) => tool.version },
  { name: 'libraries', of: ({ environment }) => libraries(environment.libraries) },
  { name: 'pinning', of: ({ environment }) => spelled(environment.pinning) },
];

function differences(reports: readonly Report[], traits: readonly Trait[]): string[] {
  return traits.flatMap(({ name, of }) => {
    const found = reports.map(of);
    return new Set(found).size === 1 ? [] : [`${name}: ${found.join(' against ')}`];
  });
}

function arrivals(arrivals: Report['scenario']['workload']['arrivals']): string {
  return typeof arrivals === 'object' ? `bursts of ${plainFigure(arrivals.meanSize)}` : arrivals;
}

function libraries(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

function spelled(setting: unknown): string {
  if (setting === null) return 'none';
  return typeof setting === 'string' ? setting : JSON.stringify(setting);
}
