import { EXIT, UsageError } from '../errors.js';
import type { ConformanceReport } from '../report/conformance-report.js';
import { renderConformance, renderTechnique } from '../reporters/conformance-text.js';
import { BY_FLAG, resolveRows } from '../scenario/rows.js';
import type { Row } from '../scenario/scenario.js';
import { conformTo, type PeerOptions } from '../suite/conform/conform.js';
import { ACCEPTED, parseDurationMs } from '../units.js';
import { type AccessFlags, accessTo } from './foreign-access.js';
import { foreignUrl } from './foreign-url.js';
import { openInterrupt } from './interrupt.js';
import { deliver, provable, screenFor, spell } from './output.js';
import { registry } from './registry.js';
import { readTool } from './version.js';

export interface ConformFlags extends AccessFlags {
  readonly transport: readonly string[];
  readonly history: string;
  readonly keepAlive?: string;
  readonly patience: string;
  readonly iMayLoadThisHost?: boolean;
  readonly json?: string;
}

const MAX_HISTORY = 100_000;
const MAX_WAIT_MS = 600_000;

/** `rtbench conform`: 0 when the server keeps the contract in all it offers, 1 when it does not. */
export async function conform(text: string, flags: ConformFlags): Promise<number> {
  const url = foreignUrl(text, flags.iMayLoadThisHost === true);
  const access = accessTo(url, flags);
  const rows = await rowsToCheck(flags.transport);
  const bounds = boundsOf(flags);
  if (flags.json !== undefined && flags.json !== '-') await provable('--json', flags.json);
  const screen = screenFor(flags);
  const looks = { color: screen.isTTY === true && !process.env.NO_COLOR };
  const startedAt = new Date().toISOString();
  const interrupt = openInterrupt();
  try {
    screen.write(`${url}, held against the server contract (docs/server-contract.md)\n`);
    const options: PeerOptions = { origin: url, ...access, ...bounds, signal: interrupt.signal };
    const techniques = await conformTo(rows, options, (outcome) => screen.write(renderTechnique(outcome, looks)));
    const named = flags.transport.length > 0;
    const report: ConformanceReport = {
      schemaVersion: 1,
      kind: 'conformance',
      tool: readTool(),
      startedAt,
      url,
      conforms:
        techniques.some(({ state }) => state === 'conforms') &&
        techniques.every(({ state }) => state === 'conforms' || (state === 'absent' && !named)),
      techniques,
    };
    screen.write(renderConformance(report, looks));
    await deliver(flags.json, spell(report));
    return report.conforms ? EXIT.ok : EXIT.checkFailed;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.close();
  }
}

/** Those asked for; else all that ship and are no control. */
export async function rowsToCheck(specs: readonly string[]): Promise<readonly Row[]> {
  const requests = specs.map((spec) => ({ spec, where: BY_FLAG }));
  // With ids, where that is a setting: without them there is nothing to come back with.
  const rows = await resolveRows(requests, 'clients', registry, process.cwd(), { resume: true });
  return specs.length > 0 ? rows : rows.filter(({ profile }) => profile.group !== 'control');
}

function boundsOf({ history, keepAlive, patience }: ConformFlags) {
  const messages = Number(history);
  if (!/^\d+$/.test(history) || messages < 1 || messages > MAX_HISTORY) {
    throw new UsageError(`--history: \`${history}\` is not a whole number from 1 to ${MAX_HISTORY}`);
  }
  return {
    historyMessages: messages,
    keepAliveMs: keepAlive === undefined ? null : timeOf('--keep-alive', keepAlive),
    patienceMs: timeOf('--patience', patience),
  };
}

export function timeOf(flag: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || ms < 1 || ms > MAX_WAIT_MS) {
    throw new UsageError(`${flag}: \`${text}\` is not ${ACCEPTED.duration}, above 0 and at most 10m`);
  }
  return ms;
}
