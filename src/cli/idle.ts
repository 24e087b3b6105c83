import { EXIT, UsageError } from '../errors.js';
import { readEnvironment } from '../report/environment.js';
import { buildIdleReport, type IdleMeasurement } from '../report/idle.js';
import type { IdleReport } from '../report/idle-schema.js';
import { renderIdleMarkdown } from '../reporters/idle-markdown.js';
import { renderIdleTable } from '../reporters/idle-table.js';
import { AUTH_ACCEPTED, authNotes, authProblems, parseAuthWay } from '../scenario/auth.js';
import { resolveRows } from '../scenario/rows.js';
import { type IdlePlan, idleCases, measureIdle } from '../suite/idle/idle.js';
import { loadTransport } from '../transports/index.js';
import { formatDurationMs, parseDurationMs } from '../units.js';
import { commandLine } from './command-line.js';
import { openInterrupt } from './interrupt.js';
import { deliver, openJsonOutput, provable, spell } from './output.js';
import { registry } from './registry.js';
import { readTool } from './version.js';

export interface IdleFlags {
  readonly transport: readonly string[];
  readonly interval: string;
  readonly scaledTo: string;
  readonly idleTimeouts: string;
  readonly watch: string;
  readonly clients: string;
  readonly auth?: string;
  readonly out?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly quiet?: boolean;
}

interface Request {
  readonly plan: IdlePlan;
  readonly notes: readonly string[];
  readonly intervalMs: number;
  readonly scaledToMs: number;
}

const MAX_CLIENTS = 200;

/** `rtbench idle`. `args`: the command line, for the result to say how to measure it again. */
export async function idle(flags: IdleFlags, args: readonly string[]): Promise<number> {
  const request = await requestOf(flags);
  if (flags.markdown !== undefined && flags.markdown !== '-') await provable('--markdown', flags.markdown);
  const { json, markdown } = flags;
  if (json === '-' && markdown === '-') throw new UsageError('--json and --markdown: only one of them can be stdout');
  const screen = json === '-' || markdown === '-' ? process.stderr : process.stdout;
  const startedAt = new Date();
  const output = await openJsonOutput({ folder: flags.out, scenario: 'idle', startedAt, fileName: 'idle.json', json });
  const report = await measure(request, flags, { args, startedAt, save: output.save });
  await output.finish(spell(report));
  await deliver(markdown, renderIdleMarkdown(report));
  const color = screen.isTTY === true && !process.env.NO_COLOR;
  screen.write(renderIdleTable(report, { width: screen.columns ?? 100, color }));
  screen.write(`\nSaved: ${output.file}\n`);
  if (report.interrupted) return EXIT.interrupted;
  return report.transports.every(({ state }) => state === 'completed') ? EXIT.ok : EXIT.runFailed;
}

async function requestOf(flags: IdleFlags): Promise<Request> {
  const problems: string[] = [];
  const time = (flag: string, value: string, minMs: number, maxMs: number): number => {
    const ms = parseDurationMs(value);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return Math.round(ms);
    const range = `${formatDurationMs(minMs)} to ${formatDurationMs(maxMs)}`;
    problems.push(`${flag}: must be a time from ${range} with a unit such as 500ms, got \`${value}\``);
    return minMs;
  };
  const intervalMs = time('--interval', flags.interval, 100, 60_000);
  const scaledToMs = time('--scaled-to', flags.scaledTo, 100, 3_600_000);
  const watchMs = time('--watch', flags.watch, 500, 600_000);
  const idleTimeoutsMs = flags.idleTimeouts
    .split(',')
    .map((value) => time('--idle-timeouts', value.trim(), 50, 600_000));
  const clients = Number(flags.clients);
  if (!Number.isInteger(clients) || clients < 1 || clients > MAX_CLIENTS) {
    problems.push(`--clients: must be a whole number from 1 to ${MAX_CLIENTS}, got \`${flags.clients}\``);
  }
  const auth = flags.auth === undefined ? null : (parseAuthWay(flags.auth) ?? null);
  if (flags.auth !== undefined && auth === null) {
    problems.push(`--auth: \`${flags.auth}\` is not ${AUTH_ACCEPTED}`);
  }
  if (problems.length > 0) throw new UsageError(problems);
  const requests = flags.transport.map((spec) => ({ spec, where: '--transport' }));
  const rows = await resolveRows(requests, 'server', registry);
  problems.push(...authProblems(rows, auth));
  const cases = [];
  for (const row of rows) {
    const transport = await loadTransport(row.module);
    if (!transport.server) problems.push(`--transport: ${row.label} has no server half to be idle at`);
    cases.push(...idleCases(row, transport, { intervalMs, scaledToMs }));
  }
  if (problems.length > 0) throw new UsageError(problems);
  return {
    plan: { cases, clients, watchMs, idleTimeoutsMs, auth },
    notes: authNotes(rows, auth),
    intervalMs,
    scaledToMs,
  };
}

async function measure(
  { plan, notes, intervalMs, scaledToMs }: Request,
  { quiet = false }: IdleFlags,
  { args, startedAt, save }: { args: readonly string[]; startedAt: Date; save: (json: string) => Promise<void> },
): Promise<IdleReport> {
  const interrupt = openInterrupt();
  const startedMs = performance.now();
  const environment = readEnvironment({ pinning: null, deflateRatio: null });
  const measurements: IdleMeasurement[] = [];
  const reportNow = () =>
    buildIdleReport({
      tool: readTool(),
      startedAt,
      durationMs: Math.round(performance.now() - startedMs),
      command: commandLine(args),
      environment,
      interrupted: interrupt.signal.aborted,
      intervalMs,
      scaledToMs,
      watchMs: plan.watchMs,
      auth: plan.auth,
      planned: plan.cases.length,
      measurements,
    });
  const say = (line: string) => {
    if (!quiet) console.error(line);
  };
  for (const note of notes) say(`note: ${note}`);
  try {
    for await (const measurement of measureIdle(plan, interrupt.signal)) {
      measurements.push(measurement);
      const { row, promise, failure } = measurement;
      const every = promise.everyMs === null ? 'no heartbeat' : `every ${formatDurationMs(promise.everyMs)}`;
      const doubt = failure === null ? '' : ` · failed: ${failure}`;
      say(`[${measurements.length}/${plan.cases.length}] ${row.label} · ${every}${doubt}`);
      await save(spell(reportNow()));
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
  } finally {
    interrupt.close();
  }
  return reportNow();
}
