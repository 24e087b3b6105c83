import { EXIT, UsageError } from '../errors.js';
import { findingsOfGate } from '../report/findings/of-gate.js';
import { gateSentence } from '../report/gate/wording.js';
import { renderFindingsMarkdown } from '../reporters/findings-markdown.js';
import { renderGateTable } from '../reporters/gate-table.js';
import { PairFailed } from '../suite/gate/pairs.js';
import { parsePackageWish } from '../suite/gate/substitutes.js';
import { deliverCi, provableCi } from './ci-output.js';
import { flagOf } from './commands/context.js';
import { describeGate, designGate, type Gate } from './gate-design.js';
import { measureGate } from './gate-measure.js';
import { failPairs, type PairFlags, planPairs, readPairRequest } from './gate-plan.js';
import { planServers, type ServerFlags, SIDE_FLAGS } from './gate-servers.js';
import { type OpenSides, openSides } from './gate-sides.js';
import { deliver, provable, screenFor } from './output.js';

export interface TimingFlags extends PairFlags, ServerFlags {
  readonly scenario: string;
  readonly baseWith: readonly string[];
  readonly headWith: readonly string[];
  readonly noise?: string;
  readonly markdown?: string;
  readonly junit?: string;
  readonly history?: string;
  readonly strict?: boolean;
}

/** Flags of servers of the user's own that say nothing of base or head. */
const TARGET_FLAGS = ['target', 'command', 'serverReady', 'build', 'iMayLoadThisHost'] as const;

/** `rtbench check` with a base and a head: 1 for a regression, and with `strict` where the pairs can tell nothing. */
export async function checkTiming(flags: TimingFlags, args: readonly string[]): Promise<number> {
  const { gate, open, note } = await planGate(flags);
  const screen = screenFor(flags);
  if (flags.history !== undefined) throw new UsageError('--history: is of the exact tier; a gate has --json');
  if (flags.markdown !== undefined && flags.markdown !== '-') await provable('--markdown', flags.markdown);
  await provableCi(flags);
  if (!flags.quiet || flags.dryRun) (flags.dryRun ? screen : process.stderr).write(describeGate(gate));
  if (note !== null) process.stderr.write(`warning: ${note}\n`);
  if (flags.dryRun) return EXIT.ok;
  const report = await measureGate(gate, open, { flags, args }).catch((error: unknown) => {
    if (error instanceof PairFailed) return failPairs(error.message + buildHint(flags));
    throw error;
  });
  if (typeof report === 'number') return report;
  screen.write(renderGateTable(report, { width: screen.columns ?? 100, color: screen.isTTY && !process.env.NO_COLOR }));
  const findings = findingsOfGate(report);
  const markdown = renderFindingsMarkdown(findings);
  await deliver(flags.markdown, markdown);
  await deliverCi(flags, { findings, markdown });
  if (report.interrupted) return EXIT.interrupted;
  if (report.verdict === 'inconclusive') process.stderr.write(`warning: ${gateSentence(report)}\n`);
  const fails = report.verdict === 'regression' || (report.verdict === 'inconclusive' && flags.strict);
  return fails ? EXIT.checkFailed : EXIT.ok;
}

/** What is not committed is not in a checkout: installed packages above all. */
function buildHint({ build, baseRef, headRef }: TimingFlags): string {
  const isBare = build === undefined && (baseRef ?? headRef) !== undefined;
  return isBare ? '; what a commit needs besides its files, --build gets ready, as in --build "npm ci"' : '';
}

interface PlannedGate {
  readonly gate: Gate;
  readonly open: OpenSides;
  /** What is not held, and why; `null`: all that was asked for is. */
  readonly note: string | null;
}

/** What is timed: versions of a package under the bundled server, or two servers of the user's own. */
async function planGate(flags: TimingFlags): Promise<PlannedGate> {
  const asked = readPairRequest(flags);
  if (flags.baseWith.length + flags.headWith.length === 0) {
    const { planned, request, note, open } = await planServers(flags.scenario, flags, asked);
    return { gate: await designGate(planned, request, flags.noise), open, note };
  }
  const ofOthers = [...SIDE_FLAGS, ...TARGET_FLAGS].filter((name) => flags[name] !== undefined);
  if (ofOthers.length > 0) {
    throw new UsageError(
      `--base-with, --head-with: are for the server that rtbench brings, and ${ofOthers.map(flagOf).join(', ')} for servers of ` +
        'your own: leave out the one or the other',
    );
  }
  const wishes = {
    base: flags.baseWith.map((text) => parsePackageWish(text, '--base-with')),
    head: flags.headWith.map((text) => parsePackageWish(text, '--head-with')),
  };
  const planned = await planPairs(flags.scenario, flags, asked);
  const gate = await designGate(planned, asked, flags.noise);
  return { gate, open: () => openSides(wishes, planned.row), note: null };
}
