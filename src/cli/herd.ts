import { EXIT, UsageError } from '../errors.js';
import { readEnvironment } from '../report/environment.js';
import { buildHerdReport, type HerdRun } from '../report/herd.js';
import { renderHerdMarkdown } from '../reporters/herd-markdown.js';
import { renderHerdTable } from '../reporters/herd-table.js';
import { authWayOf } from '../scenario/auth.js';
import { type HerdPlan, type HerdRequest, makeHerdPlan } from '../scenario/herd-plan.js';
import type { ReconnectPolicy } from '../scenario/reconnect-policy.js';
import { BY_FLAG, resolveRows } from '../scenario/rows.js';
import { credentialsOf, measureAuthCost } from '../suite/auth-cost.js';
import { type HerdProgress, measureHerds } from '../suite/herd.js';
import type { TransportProfile } from '../transports/transport.js';
import { formatCount, formatDurationMs } from '../units.js';
import { commandLine } from './command-line.js';
import { openInterrupt } from './interrupt.js';
import { openOutput, spell } from './output.js';
import { registry } from './registry.js';
import { readTool } from './version.js';

export interface HerdFlags extends Omit<HerdRequest, 'policies'> {
  readonly policy: readonly string[];
  readonly transport?: string;
  readonly out?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
}

/** `rtbench herd`. `args`: the command line, for the result to say how to measure it again. */
export async function herd(flags: HerdFlags, args: readonly string[]): Promise<number> {
  const plan = await planOf(flags);
  const screen = flags.json === '-' || flags.markdown === '-' ? process.stderr : process.stdout;
  if (flags.dryRun) {
    screen.write(describe(plan));
    return EXIT.ok;
  }
  const startedAt = new Date();
  const output = await openOutput({
    folder: flags.out,
    scenario: 'herd',
    fileName: 'herd.json',
    startedAt,
    json: flags.json,
    markdown: flags.markdown,
  });
  const interrupt = openInterrupt();
  const startedMs = performance.now();
  const known = {
    tool: readTool(),
    startedAt,
    command: commandLine(args),
    environment: readEnvironment({ pinning: null, deflateRatio: null }),
    plan,
  };
  const credentials = credentialsOf(plan.row, plan.auth, plan.seed);
  const auth = credentials && (await measureAuthCost(plan.row, 'text', credentials));
  const reportOf = (runs: readonly HerdRun[]) =>
    buildHerdReport({
      ...known,
      auth,
      durationMs: Math.round(performance.now() - startedMs),
      interrupted: interrupt.signal.aborted,
      runs,
    });
  try {
    const runs = await measureHerds({
      plan,
      signal: interrupt.signal,
      onProgress: progressOf(plan, flags.quiet ?? false),
      onRun: (soFar) => output.save(spell(reportOf(soFar))),
    });
    const report = reportOf(runs);
    await output.finish({ json: spell(report), markdown: renderHerdMarkdown(report) });
    const color = screen.isTTY === true && !process.env.NO_COLOR;
    screen.write(renderHerdTable(report, { width: screen.columns ?? 100, color }));
    screen.write(`\nSaved: ${output.resultFile}\n`);
    if (report.interrupted) return EXIT.interrupted;
    return report.policies.every((one) => one.state === 'completed' && one.verdict !== 'invalid')
      ? EXIT.ok
      : EXIT.runFailed;
  } finally {
    interrupt.close();
  }
}

async function planOf({ transport, policy, ...request }: HerdFlags): Promise<HerdPlan> {
  const asked = transport === undefined ? [] : [{ spec: transport, where: BY_FLAG }];
  const rows = await resolveRows(asked, 'server', registry);
  // Where none is named, what browsers keep open for both directions: the connection that herds are known from.
  const row = transport === undefined ? rows.find(({ profile }) => isLasting(profile)) : rows[0];
  if (!row) throw new UsageError('--transport: name one (rtbench list transports)');
  const { descriptors } = readEnvironment({ pinning: null, deflateRatio: null });
  return makeHerdPlan({ ...request, policies: policy }, row, { descriptors, platform: process.platform });
}

function isLasting({ group, delivery, uplink }: TransportProfile): boolean {
  return group === 'web' && delivery === 'push' && uplink === 'same-connection';
}

/** A line when a policy begins, when its server is back, and when its herd is whole; in between, who is back. */
function progressOf(plan: HerdPlan, quiet: boolean): (policy: ReconnectPolicy, progress: HerdProgress) => void {
  if (quiet) return () => {};
  let last = '';
  return ({ spec }, progress) => {
    const at = `[${plan.policies.findIndex((one) => one.spec === spec) + 1}/${plan.policies.length}] ${spec}`;
    const clients = formatCount(plan.clients);
    const back = progress.step === 'returning' ? progress.back : 0;
    if (progress.step === 'returning' && (back === 0 || back === plan.clients)) return;
    const said = {
      connecting: `connecting ${clients} clients`,
      lost: `the server goes, for ${formatDurationMs(plan.awayMs)}`,
      listening: 'the server listens again',
      returning: `${formatCount(back)} of ${clients} are back`,
      whole: 'over',
    }[progress.step];
    const line = `${at} · ${said}`;
    if (line !== last) console.error(line);
    last = line;
  };
}

function describe({
  row,
  clients,
  policies,
  awayMs,
  leave,
  windowMs,
  scale,
  workers,
  seed,
  addresses,
  auth,
}: HerdPlan): string {
  return [
    `The herd after a restart: ${formatCount(clients)} clients, ${row.label}`,
    `  the server ${leave === 'kill' ? 'is killed' : 'closes every connection'} and listens again after ${formatDurationMs(awayMs)}`,
    `  peak over ${formatDurationMs(windowMs)}, seed ${seed}, ${workers} process(es) of clients, ${addresses.length} address(es)`,
    ...(auth === null ? [] : [`  each attempt shows a token (${authWayOf(row, auth)})`]),
    ...(scale === 1 ? [] : [`  scaled: every time of the policies is multiplied by ${scale}`]),
    ...policies.map(({ spec }, index) => `  ${index + 1}. ${spec}`),
    '',
  ].join('\n');
}
