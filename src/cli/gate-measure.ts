import { EXIT, messageOf } from '../errors.js';
import { buildGateReport } from '../report/gate/gate.js';
import { type GateDesign, GateJournal } from '../report/gate/journal.js';
import type { GateReport } from '../report/gate/schema.js';
import { changeText } from '../report/gate/wording.js';
import { againstTargets, measurePairs } from '../suite/gate/pairs.js';
import type { Gate } from './gate-design.js';
import type { OpenSides, Sides } from './gate-sides.js';
import { type Interrupt, openInterrupt } from './interrupt.js';
import { originOf } from './origin.js';
import { openJsonOutput, spell } from './output.js';
import { openStepLine } from './verify.js';

export interface GateMeasuring {
  readonly args: readonly string[];
  readonly flags: {
    readonly out?: string;
    readonly json?: string;
    readonly quiet?: boolean;
    readonly pin?: boolean;
  };
}

/** Gets both sides ready and measures them; the exit code where an interruption came before any pair. */
export async function measureGate(gate: Gate, open: OpenSides, how: GateMeasuring): Promise<GateReport | number> {
  const interrupt = openInterrupt();
  try {
    const sides = await getReady(open, interrupt, how);
    if (sides === undefined) return EXIT.interrupted;
    try {
      return await measureAndSave(gate, sides, { ...how, interrupt });
    } finally {
      await closeOrWarn(sides);
    }
  } finally {
    interrupt.close();
  }
}

/** `undefined` after an interruption. */
async function getReady(open: OpenSides, { signal }: Interrupt, { flags }: GateMeasuring): Promise<Sides | undefined> {
  const step = openStepLine();
  const show = (text: string) => flags.quiet || step.show(text);
  show('getting both sides ready');
  try {
    const sides = await open({ signal, show });
    if (!signal.aborted) return sides;
    await closeOrWarn(sides);
  } catch (error) {
    // What a Ctrl-C ends in the terminal fails for that reason.
    if (!signal.aborted) throw error;
  } finally {
    step.clear();
  }
  return undefined;
}

/** A folder that stays costs no verdict. */
async function closeOrWarn(sides: Sides): Promise<void> {
  await sides.close().catch((error: unknown) => {
    process.stderr.write(`warning: what both sides were measured from is not all removed: ${messageOf(error)}\n`);
  });
}

async function measureAndSave(
  { row, plan, design, request }: Gate,
  sides: Sides,
  { flags, args, interrupt }: GateMeasuring & { readonly interrupt: Interrupt },
): Promise<GateReport> {
  const output = await openJsonOutput({
    folder: flags.out,
    scenario: `gate-${plan.scenario.name}`,
    startedAt: new Date(),
    fileName: 'gate.json',
    json: flags.json,
  });
  const startedMs = performance.now();
  const pinned = flags.pin ?? false;
  const { identity, known } = await originOf(plan.scenario, { addresses: plan.addresses, pin: pinned, args });
  const journal = new GateJournal(design);
  const { base, head } = sides;
  const reportOf = () =>
    buildGateReport({
      ...known,
      durationMs: Math.round(performance.now() - startedMs),
      interrupted: interrupt.signal.aborted,
      ...{ row, design, journal, base: base.side, head: head.side },
    });
  await measurePairs({
    plan: { ...plan, rows: [base.row, head.row] },
    signal: interrupt.signal,
    pinned,
    identity,
    budgetMs: request.budgetMs,
    ...(base.target && head.target && { carryOut: againstTargets(base.target, head.target) }),
    async onPair(pair) {
      const look = journal.add(pair);
      if (!flags.quiet)
        process.stderr.write(`${lineOf(journal, design)}${look ? ` · look: ${journal.verdict}` : ''}\n`);
      await output.save(spell(reportOf()));
      return !journal.isOver;
    },
  });
  journal.end();
  const report = reportOf();
  await output.finish(spell(report));
  if (!flags.quiet) process.stderr.write(`saved: ${output.file}, with every pair\n`);
  return report;
}

/** `[7/34] cpu +0.4 % · p50 −1.2 %`, or why the pair is not used. */
function lineOf(journal: GateJournal, { figures, pairs }: GateDesign): string {
  const count = `[${journal.used}/${pairs}]`;
  const discarded = journal.pairs.at(-1)?.discarded ?? null;
  if (discarded !== null) return `${count} not used: ${discarded}`;
  const { soFar } = journal;
  return `${count} ${figures.map(({ name }, index) => `${name} ${changeText(soFar[index]?.ratio ?? null)}`).join(' · ')}`;
}
