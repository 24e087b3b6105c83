import { EXIT, UsageError } from '../errors.js';
import { renderSection, renderVerdict } from '../reporters/checks.js';
import { resolveRows } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import { failed, type Section } from '../suite/verify/check.js';
import { INTERVAL_MS, verify as verifyRows } from '../suite/verify/verify.js';
import { loadTransport } from '../transports/index.js';
import { spellDurationMs } from '../units.js';
import { openInterrupt } from './interrupt.js';
import { deliver, provable } from './output.js';
import { registry } from './registry.js';
import { readTool } from './version.js';

export interface VerifyFlags {
  readonly transport: readonly string[];
  readonly json?: string;
}

/** `rtbench verify`: 0 when everything that was measured is what theory says, 1 when something is not. */
export async function verify({ transport, json }: VerifyFlags): Promise<number> {
  const rows = await verifiable(transport);
  if (json !== undefined && json !== '-') await provable('--json', json);
  const screen = json === '-' ? process.stderr : process.stdout;
  const options = { color: screen.isTTY === true && !process.env.NO_COLOR };
  const startedAt = new Date();
  const sections: Section[] = [];
  const interrupt = openInterrupt();
  const step = openStepLine();
  try {
    for await (const section of verifyRows({ rows, signal: interrupt.signal, onStep: step.show })) {
      sections.push(section);
      step.clear();
      screen.write(`${renderSection(section, options)}\n`);
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
  } finally {
    step.clear();
    interrupt.close();
  }
  const interrupted = interrupt.signal.aborted;
  const passed = !interrupted && failed(sections).length === 0;
  const document = {
    schemaVersion: 1,
    tool: readTool(),
    node: process.version,
    startedAt,
    interrupted,
    passed,
    sections,
  };
  await deliver(json, `${JSON.stringify(document, null, 2)}\n`);
  screen.write(renderVerdict(sections, options));
  if (interrupted) return EXIT.interrupted;
  return passed ? EXIT.ok : EXIT.checkFailed;
}

/**
 * The rows asked for, all of which an exchange can be had with.
 *
 * @throws UsageError with every one that it cannot
 */
export async function verifiable(specs: readonly string[]): Promise<readonly Row[]> {
  const requests = specs.map((spec) => ({ spec, where: '--transport' }));
  const rows = await resolveRows(requests, 'server', registry);
  const problems: string[] = [];
  for (const { label, module, worstWaitMs } of rows) {
    if (!(await loadTransport(module)).server) problems.push(`--transport: ${label} has no server half to verify`);
    if (worstWaitMs > INTERVAL_MS.max) {
      const longest = spellDurationMs(INTERVAL_MS.max);
      problems.push(`--transport: ${label} may wait ${spellDurationMs(worstWaitMs)}; verify takes ${longest} or less`);
    }
  }
  if (problems.length > 0) throw new UsageError(problems);
  return rows;
}

/** Says on stderr what is being looked at; in a terminal in one line that is written over. */
export function openStepLine(): { show(step: string): void; clear(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: (step) => stderr.write(`… ${step}\n`), clear: () => {} };
  return {
    show: (step) => stderr.write(`\r\u001b[K… ${step.slice(0, (stderr.columns ?? 80) - 3)}`),
    clear: () => stderr.write('\r\u001b[K'),
  };
}
