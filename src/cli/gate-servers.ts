import { UsageError } from '../errors.js';
import type { Target } from '../scenario/target.js';
import type { TargetFlags } from '../scenario/target-flags.js';
import { openCheckout, readCheckout } from '../suite/gate/checkout.js';
import { type Reached, requireTwoServers } from './gate-addresses.js';
import { knownFigures } from './gate-figures.js';
import { type PairFlags, type PairPlan, type PairRequest, planPairs, requireTarget } from './gate-plan.js';
import { closeAll, type OpenSides, type Side } from './gate-sides.js';

/** Flags of `check` for two servers that are not rtbench's own. */
export interface ServerFlags {
  readonly baseCommand?: string;
  readonly headCommand?: string;
  readonly baseRef?: string;
  readonly headRef?: string;
  readonly build?: string;
  readonly baseTarget?: string;
  readonly headTarget?: string;
  readonly basePid?: string;
  readonly headPid?: string;
}

/** Which of them say what base or head is. */
export const SIDE_FLAGS = [
  'baseCommand',
  'headCommand',
  'baseRef',
  'headRef',
  'baseTarget',
  'headTarget',
  'basePid',
  'headPid',
] as const;

type Title = 'base' | 'head';

/** A side before anything is checked out. */
interface SidePlan {
  readonly title: Title;
  readonly ref: string | null;
  readonly planned: PairPlan;
  readonly target: Target;
}

export interface ServersPlan {
  readonly planned: PairPlan;
  readonly request: PairRequest;
  /** What is not held, and why; `null`: all that was asked for is. */
  readonly note: string | null;
  readonly open: OpenSides;
}

/** @throws UsageError where flags and scenario do not say two servers that differ. */
export async function planServers(
  scenario: string,
  flags: PairFlags & ServerFlags,
  asked: PairRequest,
): Promise<ServersPlan> {
  if (flags.build?.trim() === '') throw new UsageError('--build: give a command, such as "npm ci", or leave it out');
  if (flags.build !== undefined && (flags.baseRef ?? flags.headRef) === undefined) {
    throw new UsageError(
      '--build: gets commits ready that are checked out, and none is: add --base-ref main, or build what is here before',
    );
  }
  const [base, head] = [await planSide('base', scenario, flags, asked), await planSide('head', scenario, flags, asked)];
  if (identity(base) === identity(head)) {
    throw new UsageError(
      `base and head are the same, ${identity(base)}: say what base is, with --base-ref main, --base-command or ` +
        '--base-target; rtbench noise holds a server against itself',
    );
  }
  requireTwoServers(reached(base), reached(head));
  const sides = [base, head].map(({ title, target: { server } }) => ({ title, server }));
  const { figures, note } = knownFigures(asked.figures, flags.figures !== undefined, sides);
  const request = { ...asked, figures };
  return { planned: base.planned, request, note, open: (care) => openServers([base, head], flags, care) };
}

async function planSide(
  title: Title,
  scenario: string,
  flags: PairFlags & ServerFlags,
  request: PairRequest,
): Promise<SidePlan> {
  const own = {
    command: flags[`${title}Command`],
    ref: flags[`${title}Ref`],
    url: flags[`${title}Target`],
    pid: flags[`${title}Pid`],
  };
  const runsAlready = (own.url ?? own.pid) !== undefined && (own.command ?? own.ref ?? flags.command) === undefined;
  const said: TargetFlags = {
    url: own.url ?? flags.target,
    command: runsAlready ? undefined : (own.command ?? flags.command),
    ready: runsAlready ? undefined : flags.serverReady,
    pid: own.pid,
    mayLoadHost: flags.iMayLoadThisHost,
    names: {
      url: own.url === undefined ? '--target' : `--${title}-target`,
      command: own.command === undefined ? '--command' : `--${title}-command`,
      pid: `--${title}-pid`,
    },
  };
  const planned = await planPairs(scenario, flags, request, said);
  const target = ofSide(planned.target, { runsAlready, hasPid: own.pid !== undefined }, title);
  requireTarget(target, planned.plan.scenario, planned.row, flags);
  return { title, ref: own.ref ?? null, planned, target };
}

function ofSide(
  target: Target | null,
  { runsAlready, hasPid }: { readonly runsAlready: boolean; readonly hasPid: boolean },
  title: Title,
): Target {
  if (target === null) {
    throw new UsageError(
      '--target: say where the server listens, as in --target http://localhost:{port}, or in a scenario with `target`',
    );
  }
  // The command of a scenario starts another one than that which runs, and its process is one of the two at the most.
  if (runsAlready) return { ...target, server: hasPid ? target.server : null };
  if (target.server?.kind === 'command') return target;
  throw new UsageError(
    `--command: ${title} takes the command that starts it, as in --command "node server.js"; of one that runs already ` +
      `say so with --${title}-target`,
  );
}

function reached({ target, planned: { row, plan } }: SidePlan): Reached {
  return { target, row, workload: plan.scenario.workload };
}

/** What one side is told from the other by. */
function identity({ ref, target: { url, server } }: SidePlan): string {
  const where = ref === null ? '' : ` at ${ref}`;
  return server?.kind === 'command' ? `${server.command}${where}` : `the server at ${url}`;
}

async function openServers(
  sides: readonly [SidePlan, SidePlan],
  { build }: ServerFlags,
  care: Parameters<OpenSides>[0],
): ReturnType<OpenSides> {
  const opened: { readonly side: Side; close(): Promise<void> }[] = [];
  const close = () => closeAll(opened);
  try {
    for (const side of sides) opened.push(await openServer(side, build, care));
    const [base, head] = opened;
    if (base === undefined || head === undefined) throw new Error('there are two sides');
    return { base: base.side, head: head.side, close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

async function openServer(
  { title, ref, planned: { row }, target }: SidePlan,
  build: string | undefined,
  { signal, show }: Parameters<OpenSides>[0],
): Promise<{ readonly side: Side; close(): Promise<void> }> {
  const { server, url } = target;
  if (server?.kind !== 'command') {
    const facts = { url, command: null, ref: null, commit: null, changed: false };
    return { side: sideOf(target, facts), close: async () => {} };
  }
  const flag = `--${title}-ref`;
  const checkout =
    ref === null ? await readCheckout() : await openCheckout({ ref, flag, build: build ?? null, signal, show });
  const { folder, commit, changed } = checkout;
  const environment = { ...server.environment, ...checkout.environment };
  const placed = folder === null ? target : { ...target, server: { ...server, folder, environment } };
  return {
    side: sideOf(placed, { url, command: server.command, ref: checkout.ref, commit, changed }),
    close: checkout.close,
  };

  function sideOf(of: Target, facts: NonNullable<Side['side']['server']>): Side {
    return {
      row: { ...row, label: `${row.label} (${title})` },
      target: of,
      side: { title, packages: {}, server: facts },
    };
  }
}
