import { EXIT, UsageError } from '../errors.js';
import { installedVersion } from '../network/middlebox/foreign-process.js';
import { HOSTILE_MODES, IDLE_CUT_MS } from '../network/middlebox/hostile-modes.js';
import type { ForeignMiddlebox } from '../network/middlebox/middlebox.js';
import { readEnvironment } from '../report/environment.js';
import type { FoundMend, MiddleboxFacts, Passage, ProxiesReport } from '../report/proxies/schema.js';
import { notInstalled, passageCell } from '../report/proxies/wording.js';
import { renderProxiesMarkdown } from '../reporters/proxies-markdown.js';
import { renderProxiesTable } from '../reporters/proxies-table.js';
import { resolveRows } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import { didYouMean } from '../scenario/suggestion.js';
import { allColumns, type ColumnSpec, columnsNamed, HOSTILE, viaNames } from '../suite/proxies/columns.js';
import { measureProxies } from '../suite/proxies/proxies.js';
import { ACCEPTED, parseDurationMs } from '../units.js';
import { commandLine } from './command-line.js';
import { openInterrupt } from './interrupt.js';
import { deliver, openJsonOutput, provable, spell } from './output.js';
import { registry } from './registry.js';
import { readTool } from './version.js';

export interface ProxiesFlags {
  readonly transport: readonly string[];
  readonly via: readonly string[];
  readonly silence?: string;
  readonly out?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly quiet?: boolean;
}

const MAX_SILENCE_MS = 600_000;
/** Far enough apart that two messages which come together do so because something held them. */
const TIMING = { messages: 5, intervalMs: 500, promptMs: 100 } as const;

/** `rtbench proxies`. `args`: the command line, for the result to say how to measure it again. */
export async function proxies(flags: ProxiesFlags, args: readonly string[]): Promise<number> {
  const timing = { ...TIMING, silenceMs: silenceOf(flags.silence) };
  const columns = columnsOf(flags.via);
  const rows = await rowsOf(flags.transport);
  if (flags.markdown !== undefined && flags.markdown !== '-') await provable('--markdown', flags.markdown);
  const startedAt = new Date();
  const { json, out } = flags;
  const output = await openJsonOutput({ folder: out, scenario: 'proxies', startedAt, fileName: 'proxies.json', json });
  const screen = json === '-' || flags.markdown === '-' ? process.stderr : process.stdout;
  const { middleboxes, present } = await lookAround(columns);
  const progress = new Progress(rows.length * (present.length + 1), flags.quiet ?? false);
  for (const middlebox of middleboxes) if (middlebox.state === 'notInstalled') progress.print(notInstalled(middlebox));

  const startedMs = performance.now();
  const passages: Passage[] = [];
  const mends: FoundMend[] = [];
  const interrupt = openInterrupt();
  const report = (): ProxiesReport => ({
    schemaVersion: 1,
    kind: 'proxies',
    tool: readTool(),
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - startedMs),
    command: commandLine(args),
    environment: readEnvironment({ pinning: null, deflateRatio: null }),
    interrupted: interrupt.signal.aborted,
    timing,
    idleCutMs: IDLE_CUT_MS,
    middleboxes,
    passages: inOrder(passages, rows),
    mends: mendsInOrder(mends, middleboxes, rows),
  });
  try {
    await measureProxies({
      rows,
      columns: present,
      timing,
      signal: interrupt.signal,
      onPassage(passage) {
        passages.push(passage);
        progress.onPassage(passage);
      },
      onMend: (mend) => mends.push(mend),
      onColumn: () => output.save(spell(report())),
    });
  } finally {
    interrupt.close();
  }
  const final = report();
  await output.finish(spell(final));
  await deliver(flags.markdown, renderProxiesMarkdown(final));
  const color = screen.isTTY === true && !process.env.NO_COLOR;
  screen.write(renderProxiesTable(final, { width: screen.columns ?? 100, color }));
  screen.write(`\nSaved: ${output.file}\n`);
  return final.interrupted ? EXIT.interrupted : EXIT.ok;
}

function silenceOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const ms = parseDurationMs(text);
  if (ms === undefined || ms > MAX_SILENCE_MS) {
    throw new UsageError(`--silence: \`${text}\` is not ${ACCEPTED.duration}, at most 10m`);
  }
  return ms;
}

function columnsOf(names: readonly string[]): readonly ColumnSpec[] {
  if (names.length === 0) return allColumns();
  const problems: string[] = [];
  const wanted = names.flatMap((name) => {
    const found = columnsNamed(name);
    if (!found) {
      const all = viaNames();
      problems.push(`--via: unknown \`${name}\`${didYouMean(name, all)}there are ${all.join(', ')}`);
    }
    return found ?? [];
  });
  if (problems.length > 0) throw new UsageError(problems);
  const spelled = new Set(wanted.map((column) => JSON.stringify(column)));
  return allColumns().filter((column) => spelled.has(JSON.stringify(column)));
}

async function rowsOf(specs: readonly string[]): Promise<readonly Row[]> {
  const requests = specs.map((spec) => ({ spec, where: '--transport' }));
  const rows = await resolveRows(requests, 'server', registry);
  // The floor is no technique that anybody sends through a proxy for HTTP.
  return specs.length > 0 ? rows : rows.filter(({ profile }) => profile.group !== 'control');
}

/** What there is of what was asked for. */
async function lookAround(columns: readonly ColumnSpec[]) {
  const middleboxes: MiddleboxFacts[] = [];
  const present: ColumnSpec[] = [];
  const foreign = new Set(columns.flatMap((column) => (column.kind === 'foreign' ? [column.middlebox] : [])));
  for (const middlebox of foreign) {
    const version = await installedVersion(middlebox);
    middleboxes.push(foreignFacts(middlebox, version));
    if (version !== null) {
      present.push(...columns.filter((column) => column.kind === 'foreign' && column.middlebox === middlebox));
    }
  }
  const hostile = columns.filter((column) => column.kind === 'hostile');
  if (hostile.length > 0) middleboxes.push(hostileFacts(new Set(hostile.map(({ mode }) => mode))));
  return { middleboxes, present: [...present, ...hostile] };
}

function foreignFacts(
  { name, title, debianPackage, defaultSummary }: ForeignMiddlebox,
  version: string | null,
): MiddleboxFacts {
  const documented = 'for each technique the lines that the documentation says it needs';
  return {
    name,
    title,
    version,
    state: version === null ? 'notInstalled' : 'installed',
    debianPackage,
    configurations: [
      { name: 'default', summary: defaultSummary, advice: null },
      { name: 'documented', summary: documented, advice: null },
    ],
  };
}

function hostileFacts(modes: ReadonlySet<string>): MiddleboxFacts {
  return {
    name: HOSTILE,
    title: 'Hostile proxy',
    version: null,
    state: 'bundled',
    debianPackage: null,
    configurations: HOSTILE_MODES.filter(({ name }) => modes.has(name)).map((mode) => ({ ...mode })),
  };
}

/** Those of one column are measured side by side; a table has them in the order asked for. */
function inOrder(passages: readonly Passage[], rows: readonly Row[]): Passage[] {
  const columns = [...new Set(passages.map(columnKey))];
  const labels = rows.map(({ label }) => label);
  const place = (passage: Passage) =>
    columns.indexOf(columnKey(passage)) * labels.length + labels.indexOf(passage.label);
  return [...passages].sort((a, b) => place(a) - place(b));
}

function mendsInOrder(
  mends: readonly FoundMend[],
  middleboxes: readonly MiddleboxFacts[],
  rows: readonly Row[],
): FoundMend[] {
  const names = middleboxes.map(({ name }) => name);
  const labels = rows.map(({ label }) => label);
  const place = (mend: FoundMend) => names.indexOf(mend.middlebox) * labels.length + labels.indexOf(mend.label);
  return [...mends].sort((a, b) => place(a) - place(b));
}

function columnKey({ middlebox, configuration }: Passage): string {
  return `${middlebox}:${configuration}`;
}

/** A line a passage. */
class Progress {
  readonly #total: number;
  readonly #quiet: boolean;
  #done = 0;

  constructor(total: number, quiet: boolean) {
    this.#total = total;
    this.#quiet = quiet;
  }

  onPassage(passage: Passage): void {
    const { middlebox, configuration, label } = passage;
    const cell = passageCell(passage).join(' ');
    this.print(`[${++this.#done}/${this.#total}] ${middlebox} ${configuration} · ${label} · ${cell}`);
  }

  print(line: string): void {
    if (!this.#quiet) console.error(line);
  }
}
