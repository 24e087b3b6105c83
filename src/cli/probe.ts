import { stringify } from 'yaml';
import { EXIT } from '../errors.js';
import { renderProbe } from '../reporters/probe-text.js';
import { type ProbeOutcome, probeFor } from '../suite/conform/probe.js';
import { rowsToCheck, timeOf } from './conform.js';
import { type Access, type AccessFlags, accessTo } from './foreign-access.js';
import { foreignUrl } from './foreign-url.js';
import { openInterrupt } from './interrupt.js';
import { deliver, provable, screenFor, spell } from './output.js';

export interface ProbeFlags extends AccessFlags {
  readonly path: readonly string[];
  readonly patience: string;
  readonly iMayLoadThisHost?: boolean;
  readonly json?: string;
}

/** `rtbench probe`: 0 when any technique answers, 1 when none does. */
export async function probe(text: string, flags: ProbeFlags): Promise<number> {
  const url = foreignUrl(text, flags.iMayLoadThisHost === true);
  const access = accessTo(url, flags);
  const { pathname } = new URL(text);
  const paths = [...(pathname === '/' ? [] : [pathname]), ...flags.path.map((path) => path.replace(/^\/?/, '/'))];
  const patienceMs = timeOf('--patience', flags.patience);
  if (flags.json !== undefined && flags.json !== '-') await provable('--json', flags.json);
  const screen = screenFor(flags);
  const interrupt = openInterrupt();
  try {
    const bounds = { patienceMs, historyMessages: 1, keepAliveMs: null, signal: interrupt.signal };
    const options = { origin: url, ...access, ...bounds };
    const outcomes = await probeFor(await rowsToCheck([]), options, paths);
    const found = outcomes.filter((outcome) => outcome.found !== null);
    const target = found.length > 0 ? scenarioOf({ url, ca: flags.ca, headers: access.written }, found) : null;
    const color = screen.isTTY === true && !process.env.NO_COLOR;
    screen.write(renderProbe({ url, outcomes, yaml: target && stringify(target) }, { color }));
    await deliver(flags.json, spell(documentOf(url, outcomes, target)));
    return found.length > 0 ? EXIT.ok : EXIT.checkFailed;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.close();
  }
}

/** The part of a scenario to start from. What stands where the contract has it takes no words. */
function scenarioOf(
  { url, ca, headers }: { url: string; ca: string | undefined; headers: Access['written'] },
  found: readonly ProbeOutcome[],
) {
  const elsewhere = found.flatMap(({ row, found: at }) =>
    at?.path && !at.usual ? [[row.transport, { path: at.path }] as const] : [],
  );
  return {
    target: {
      url,
      ...(ca !== undefined && { ca }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(elsewhere.length > 0 && { endpoints: Object.fromEntries(elsewhere) }),
    },
    transports: found.map(({ row }) => row.transport),
  };
}

function documentOf(url: string, outcomes: readonly ProbeOutcome[], scenario: unknown) {
  return {
    schemaVersion: 1,
    kind: 'probe',
    url,
    techniques: outcomes.map(({ row, found, reason }) => ({
      transport: row.transport,
      path: found?.path ?? null,
      says: found?.says ?? null,
      reason,
    })),
    scenario,
  };
}
