import { readFile } from 'node:fs/promises';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { findingsOfGate } from '../report/findings/of-gate.js';
import { buildGateReport } from '../report/gate/gate.js';
import { type GateDesign, GateJournal } from '../report/gate/journal.js';
import { fewestPairs, planLooks } from '../report/gate/looks.js';
import { parseNoiseReport, visibleChange } from '../report/gate/noise.js';
import type { NoiseReport } from '../report/gate/noise-schema.js';
import type { GateReport } from '../report/gate/schema.js';
import { changeText, gateSentence, signedPercent } from '../report/gate/wording.js';
import { counted } from '../report/wording.js';
import { renderFindingsMarkdown } from '../reporters/findings-markdown.js';
import { renderGateTable } from '../reporters/gate-table.js';
import type { Plan, Row } from '../scenario/scenario.js';
import { measurePairs, PairFailed } from '../suite/gate/pairs.js';
import { type PackageWish, parsePackageWish } from '../suite/gate/substitutes.js';
import { formatDurationMs } from '../units.js';
import { deliverCi, provableCi } from './ci-output.js';
import { noiseProblem } from './gate-noise.js';
import { failPairs, type PairFlags, type PairRequest, planPairs, readPairRequest } from './gate-plan.js';
import { openSides, type Sides } from './gate-sides.js';
import { openInterrupt } from './interrupt.js';
import { originOf } from './origin.js';
import { deliver, type JsonOutput, openJsonOutput, provable, screenFor, spell } from './output.js';
import { openStepLine } from './verify.js';

export interface TimingFlags extends PairFlags {
  readonly scenario: string;
  readonly baseWith: readonly string[];
  readonly headWith: readonly string[];
  readonly noise?: string;
  readonly markdown?: string;
  readonly junit?: string;
  readonly history?: string;
  readonly strict?: boolean;
}

interface Gate {
  readonly row: Row;
  readonly plan: Plan;
  readonly design: GateDesign;
  readonly request: PairRequest;
  readonly pairMs: number;
  readonly noise: NoiseReport | null;
}

/** How far pairs differ where no A/A run has said it: as the CPU of a quiet machine with two cores does. */
const ASSUMED_SPREAD = 0.03;

/** `rtbench check` with a base and a head: 1 for a regression, and with `strict` where the pairs can tell nothing. */
export async function checkTiming(flags: TimingFlags, args: readonly string[]): Promise<number> {
  const wishes = {
    base: flags.baseWith.map((text) => parsePackageWish(text, '--base-with')),
    head: flags.headWith.map((text) => parsePackageWish(text, '--head-with')),
  };
  const gate = await planGate(flags);
  const screen = screenFor(flags);
  if (flags.history !== undefined) throw new UsageError('--history: is of the exact tier; a gate has --json');
  if (flags.markdown !== undefined && flags.markdown !== '-') await provable('--markdown', flags.markdown);
  await provableCi(flags);
  if (!flags.quiet || flags.dryRun) (flags.dryRun ? screen : process.stderr).write(describe(gate));
  if (flags.dryRun) return EXIT.ok;
  const report = await measureWith(wishes, gate, flags, args).catch((error: unknown) => {
    if (error instanceof PairFailed) return failPairs(error.message);
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

/** @throws UsageError where what is asked for cannot be told by the pairs there may be. */
async function planGate(flags: TimingFlags): Promise<Gate> {
  const request = readPairRequest(flags);
  const planned = await planPairs(flags.scenario, flags, request);
  const { figures, alpha } = request;
  const { pairs, pairMs, row, plan } = planned;
  const fewest = fewestPairs(figures.length, alpha);
  if (pairs < fewest) {
    const time = formatDurationMs(Math.ceil((fewest * pairMs) / 1_000) * 1_000);
    throw new UsageError(
      `${request.pairs === null ? '--budget' : '--pairs'}: ${pairs} pairs can show no regression: by chance all of them agree in ` +
        `1 of ${2 ** pairs} gates, and with ${counted(figures.length, 'figure')} at ${100 * alpha} % it takes ${fewest}, about ${time}`,
    );
  }
  const noise = flags.noise === undefined ? null : await readNoise(flags.noise, row, plan);
  const spreadOf = (name: string) => noise?.figures.find((figure) => figure.name === name)?.spread ?? null;
  const design = { figures, alpha, pairs, knownSpreadOf: ({ name }: { name: string }) => spreadOf(name) };
  return { row, plan, design, request, pairMs, noise };
}

async function readNoise(file: string, row: Row, plan: Plan): Promise<NoiseReport> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(
      `--noise: ${file} cannot be read (${messageOf(error)}); make it with rtbench noise --json ${file}`,
    );
  });
  const noise = parseNoiseReport(text, file);
  if (noise === undefined)
    throw new UsageError(`--noise: ${file} is no noise.json; make one with rtbench noise --json ${file}`);
  const problem = noiseProblem(noise, row, plan);
  if (problem !== null)
    throw new UsageError(`--noise: ${file} is of ${problem}; make it anew with rtbench noise --json ${file}`);
  return noise;
}

/** What will be done, how long it takes, and what it can see. */
function describe({ row, design, pairMs, request, noise }: Gate): string {
  const { figures, alpha, pairs } = design;
  const looks = planLooks(pairs, figures.length, alpha).map((look) => look.pairs);
  const longestMs = request.budgetMs ?? pairs * pairMs;
  const visible = figures.map((figure) => {
    const spread = noise === null ? ASSUMED_SPREAD : design.knownSpreadOf(figure);
    const change = visibleChange(pairs, spread, figure.threshold, { figures: figures.length, alpha });
    return `${figure.name} ${change === null ? 'not known' : signedPercent(change)}`;
  });
  const whence =
    noise === null
      ? `if pairs differ by ${100 * ASSUMED_SPREAD} %; rtbench noise measures by how much they do here`
      : 'by the noise of this machine';
  return [
    `${row.label}: up to ${pairs} pairs of about ${formatDurationMs(pairMs)}, at most ${formatDurationMs(longestMs)}, ` +
      `looked at after ${looks.join(', ')}; false alarms in ${100 * alpha} % of gates at the most`,
    `smallest change seen in 4 of 5 gates: ${visible.join(', ')} (${whence})`,
    '',
  ].join('\n');
}

async function measureWith(
  wishes: { readonly base: readonly PackageWish[]; readonly head: readonly PackageWish[] },
  gate: Gate,
  flags: TimingFlags,
  args: readonly string[],
): Promise<GateReport> {
  const step = openStepLine();
  if (!flags.quiet) step.show('getting both sides ready');
  const sides = await openSides(wishes, gate.row).finally(() => step.clear());
  try {
    const output = await openJsonOutput({
      folder: flags.out,
      scenario: `gate-${gate.plan.scenario.name}`,
      startedAt: new Date(),
      fileName: 'gate.json',
      json: flags.json,
    });
    const report = await measure(gate, sides, { flags, args, output });
    await output.finish(spell(report));
    if (!flags.quiet) process.stderr.write(`saved: ${output.file}, with every pair\n`);
    return report;
  } finally {
    await sides.close();
  }
}

async function measure(
  { row, plan, design, request }: Gate,
  sides: Sides,
  {
    flags,
    args,
    output,
  }: { readonly flags: TimingFlags; readonly args: readonly string[]; readonly output: JsonOutput },
): Promise<GateReport> {
  const interrupt = openInterrupt();
  const startedMs = performance.now();
  const pinned = flags.pin ?? false;
  const { identity, known } = await originOf(plan.scenario, { addresses: plan.addresses, pin: pinned, args });
  const journal = new GateJournal(design);
  const reportOf = () =>
    buildGateReport({
      ...known,
      durationMs: Math.round(performance.now() - startedMs),
      interrupted: interrupt.signal.aborted,
      row,
      base: sides.base.side,
      head: sides.head.side,
      design,
      journal,
    });
  try {
    await measurePairs({
      plan: { ...plan, rows: [sides.base.row, sides.head.row] },
      signal: interrupt.signal,
      pinned,
      identity,
      budgetMs: request.budgetMs,
      async onPair(pair) {
        const look = journal.add(pair);
        if (!flags.quiet)
          process.stderr.write(`${lineOf(journal, design)}${look ? ` · look: ${journal.verdict}` : ''}\n`);
        await output.save(spell(reportOf()));
        return !journal.isOver;
      },
    });
    journal.end();
    return reportOf();
  } finally {
    interrupt.close();
  }
}

/** `[7/34] cpu +0.4 % · p50 −1.2 %`, or why the pair is not used. */
function lineOf(journal: GateJournal, { figures, pairs }: GateDesign): string {
  const count = `[${journal.used}/${pairs}]`;
  const discarded = journal.pairs.at(-1)?.discarded ?? null;
  if (discarded !== null) return `${count} not used: ${discarded}`;
  const { soFar } = journal;
  return `${count} ${figures.map(({ name }, index) => `${name} ${changeText(soFar[index]?.ratio ?? null)}`).join(' · ')}`;
}
