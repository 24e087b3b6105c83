import { EXIT, UsageError } from '../errors.js';
import { buildNoiseReport } from '../report/gate/noise.js';
import type { NoiseReport } from '../report/gate/noise-schema.js';
import { pairOf, usedPairs } from '../report/gate/pairs.js';
import type { GatePair } from '../report/gate/schema.js';
import { renderNoiseTable } from '../reporters/noise-table.js';
import type { Target } from '../scenario/target.js';
import type { TargetFlags } from '../scenario/target-flags.js';
import { againstTargets, measurePairs, PairFailed } from '../suite/gate/pairs.js';
import { formatDurationMs } from '../units.js';
import { requireTwoServers } from './gate-addresses.js';
import { failPairs, type PairFlags, type PairRequest, planPairs, readPairRequest, requireTarget } from './gate-plan.js';
import { openInterrupt } from './interrupt.js';
import { originOf } from './origin.js';
import { type JsonOutput, openJsonOutput, spell } from './output.js';

type Planned = Awaited<ReturnType<typeof planPairs>>;

/** Fewer give no interval. */
const FEWEST_PAIRS = 6;

/** `rtbench noise`: a server against itself. */
export async function noise(scenarioName: string, flags: PairFlags, args: readonly string[]): Promise<number> {
  const request = readPairRequest(flags);
  const planned = await planPairs(scenarioName, flags, request, targetFlagsOf(flags));
  if (planned.target !== null) requireTwice(planned.target, planned, flags);
  if (planned.pairs < FEWEST_PAIRS) {
    throw new UsageError(
      `${request.pairs === null ? '--budget' : '--pairs'}: ${planned.pairs} pairs say too little of noise: give it ` +
        `${FEWEST_PAIRS} or more, about ${formatDurationMs(Math.ceil((FEWEST_PAIRS * planned.pairMs) / 1_000) * 1_000)}`,
    );
  }
  const screen = flags.json === '-' ? process.stderr : process.stdout;
  const about = `${planned.row.label} against itself: ${planned.pairs} pairs, about ${formatDurationMs(planned.pairs * planned.pairMs)}\n`;
  if (flags.dryRun) screen.write(about);
  if (flags.dryRun) return EXIT.ok;
  if (!flags.quiet) process.stderr.write(about);
  const output = await openJsonOutput({
    folder: flags.out,
    scenario: `noise-${planned.plan.scenario.name}`,
    startedAt: new Date(),
    fileName: 'noise.json',
    json: flags.json,
  });
  const report = await measure(planned, request, { flags, args, output }).catch((error: unknown) => {
    if (error instanceof PairFailed) return failPairs(error.message);
    throw error;
  });
  if (typeof report === 'number') return report;
  await output.finish(spell(report));
  screen.write(
    renderNoiseTable(report, { width: screen.columns ?? 100, color: screen.isTTY && !process.env.NO_COLOR }),
  );
  screen.write(`\nSaved: ${output.file}. A gate reads it with rtbench check --noise ${output.file}.\n`);
  if (report.interrupted) return EXIT.interrupted;
  return report.used >= FEWEST_PAIRS ? EXIT.ok : EXIT.runFailed;
}

function targetFlagsOf({ target, command, serverReady, iMayLoadThisHost }: PairFlags): TargetFlags {
  return { url: target, command, ready: serverReady, mayLoadHost: iMayLoadThisHost, names: { command: '--command' } };
}

/** @throws UsageError where the server cannot be started twice. */
function requireTwice(target: Target, { plan, row }: Planned, flags: PairFlags): void {
  requireTarget(target, plan.scenario, row, flags);
  if (target.server?.kind !== 'command') {
    throw new UsageError('--command: say how to start the server, which runs twice, as in --command "node server.js"');
  }
  const reached = { target, row, workload: plan.scenario.workload };
  requireTwoServers(reached, reached);
}

async function measure(
  { plan, row, pairs: wanted, target }: Planned,
  { figures, alpha, budgetMs }: PairRequest,
  { flags, args, output }: { readonly flags: PairFlags; readonly args: readonly string[]; readonly output: JsonOutput },
): Promise<NoiseReport> {
  const interrupt = openInterrupt();
  const startedMs = performance.now();
  const pinned = flags.pin ?? false;
  const { identity, known } = await originOf(plan.scenario, { addresses: plan.addresses, pin: pinned, args });
  const pairs: GatePair[] = [];
  const reportOf = () =>
    buildNoiseReport({
      ...known,
      durationMs: Math.round(performance.now() - startedMs),
      interrupted: interrupt.signal.aborted,
      ...{ row, figures, alpha, pairs },
    });
  try {
    await measurePairs({
      plan,
      signal: interrupt.signal,
      pinned,
      identity,
      budgetMs,
      ...(target && { carryOut: againstTargets(target, target) }),
      async onPair(measured) {
        const pair = pairOf(measured, figures);
        pairs.push(pair);
        const used = usedPairs(pairs).length;
        if (!flags.quiet)
          process.stderr.write(`[${used}/${wanted}]${pair.discarded === null ? '' : ` not used: ${pair.discarded}`}\n`);
        await output.save(spell(reportOf()));
        return used < wanted;
      },
    });
    return reportOf();
  } finally {
    interrupt.close();
  }
}
