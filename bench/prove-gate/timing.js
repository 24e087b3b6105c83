// @ts-check
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGateReport } from '../../dist/report/gate/file.js';
import { parseDurationMs } from '../../dist/units.js';
import { requireVerdict, rtbench } from './command.js';
import { burningCopy, copyOf, stallingCopy } from './libraries.js';
import { isPilotDue, noteP99, stallOf } from './pilot.js';

/** @typedef {import('./kinds.js').Kind} Kind */
/** @typedef {import('./pilot.js').Injected} Injected */

const NEIGHBOUR_MS = { busy: 3, idle: 7 };
/** What a gate takes beside its pairs, and a pilot: more than they do. */
const AROUND_MS = 20_000;
const PILOT_MS = 100_000;

/**
 * The longest that a gate may take, ms.
 *
 * @param {Kind} kind
 * @param {readonly string[]} flags
 */
export function longestMs(kind, flags) {
  const budgetMs = parseDurationMs(flags[flags.lastIndexOf('--budget') + 1] ?? '') ?? 0;
  return budgetMs + AROUND_MS + (kind.slower !== undefined && isPilotDue() ? PILOT_MS : 0);
}

/**
 * A gate from beginning to end, by the command as a user gives it.
 *
 * @param {Kind} kind
 * @param {{ number: number, flags: readonly string[], scratch: string, signal: AbortSignal }} gate
 * @returns {Promise<import('./proofs.js').Measured | undefined>} `undefined` after an interruption
 */
export async function timingGate(kind, { number, flags, scratch, signal }) {
  const injected = kind.slower === undefined ? undefined : await stallOf(kind.slower, flags, signal);
  if (signal.aborted) return undefined;
  const head = headOf(kind, scratch, injected);
  const out = join(scratch, 'out');
  const neighbour = kind.neighbour ? startNeighbour() : undefined;
  try {
    const args = [
      'check',
      ...flags,
      ...(kind.flags ?? []),
      '--head-with',
      `ws=${head}`,
      '--seed',
      String(1_000 + number),
      '--out',
      out,
    ];
    const ended = await rtbench(args, signal);
    if (signal.aborted) return undefined;
    requireVerdict(ended);
    const file = join(out, 'gate.json');
    const report = existsSync(file) ? parseGateReport(readFileSync(file, 'utf8'), file) : undefined;
    if (report === undefined || report.interrupted) throw new Error(`rtbench left no gate: ${ended.stderr}`);
    const { startedAt, verdict, used, figures, pairs, environment } = report;
    if (!figures.some(({ name }) => name === kind.figure)) {
      throw new Error(`a gate that does not look at ${kind.figure} cannot find it: name it in -- --figures`);
    }
    noteP99(pairs.flatMap(({ discarded, base }) => (discarded === null ? (base.p99 ?? []) : [])));
    const { cpu, cores, node, kernel } = environment;
    const machine = { cpu, cores, node, kernel };
    return { startedAt, machine, verdict, used, figures, pairs, ...(injected && { injected }) };
  } finally {
    neighbour?.kill('SIGKILL');
  }
}

/**
 * @param {Kind} kind
 * @param {string} folder
 * @param {Injected | undefined} injected
 */
function headOf({ burned }, folder, injected) {
  if (injected !== undefined) return stallingCopy(folder, injected);
  return burned === undefined ? copyOf(folder) : burningCopy(folder, burned);
}

/** Busy for 3 ms of every 10, until it is killed or its parent is gone. */
function startNeighbour() {
  const script = `process.on('disconnect', () => process.exit());
    const burn = () => { const until = performance.now() + ${NEIGHBOUR_MS.busy}; while (performance.now() < until); setTimeout(burn, ${NEIGHBOUR_MS.idle}); };
    burn();`;
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}
