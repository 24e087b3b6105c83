import { UsageError } from '../errors.js';
import { type Answers, answersOf } from '../report/advice/answers.js';
import { obstacleOf } from '../report/advice/candidate.js';
import { readEnvironment } from '../report/environment.js';
import { loadScenario, type Overrides } from '../scenario/load.js';
import { makePlan } from '../scenario/plan.js';
import { resolveRows } from '../scenario/rows.js';
import type { Plan, Scenario } from '../scenario/scenario.js';
import { senderOf } from '../scenario/uplink.js';
import { formatDurationMs } from '../units.js';
import type { AdviseFlags } from './advise.js';
import { evidenceOf, type FoundEvidence } from './evidence.js';
import { measureAndSave } from './measure-and-save.js';
import { registry } from './registry.js';

export interface Wanted {
  readonly answers: Answers;
  readonly scenarioName: string | undefined;
  readonly flags: AdviseFlags;
  readonly args: readonly string[];
}

/** Measures the scenario, or the default one with this direction and payload, with every transport that can do it. */
export async function measureFor({ answers, scenarioName, flags, args }: Wanted): Promise<FoundEvidence> {
  const plan = await planFor(answers, scenarioName, flags.rounds);
  if (!flags.quiet) {
    const about = formatDurationMs(Math.round(plan.estimatedMs / 1_000) * 1_000);
    process.stderr.write(`Measuring ${plan.rows.map(({ label }) => label).join(', ')}: about ${about}.\n`);
    for (const note of plan.notes) process.stderr.write(`note: ${note}\n`);
  }
  const { report, resultFile } = await measureAndSave(plan, { ui: true, quiet: flags.quiet, out: flags.out }, args);
  return { evidence: await evidenceOf(report, resultFile), others: [], interrupted: report.interrupted };
}

/** @throws UsageError where no transport can do it, or the machine cannot carry it. */
async function planFor(answers: Answers, scenarioName: string | undefined, rounds: string | undefined): Promise<Plan> {
  const asWritten = loadScenario(scenarioName).scenario;
  const { scenario, transports } = loadScenario(scenarioName, {
    ...overridesFor(answers, asWritten),
    ...(rounds === undefined ? {} : { rounds }),
  });
  const { preset, scale } = scenario;
  const rows = await resolveRows(transports, senderOf(scenario.workload), registry, process.cwd(), { preset, scale });
  const able = rows.filter((row) => row.profile.group !== 'control' && obstacleOf(row, answers) === undefined);
  if (able.length === 0) throw new UsageError('--measure: none of the transports can do what was answered');
  const { descriptors } = readEnvironment({ pinning: null, deflateRatio: null });
  return makePlan(scenario, able, { descriptors, platform: process.platform });
}

/** What was answered otherwise than the scenario has it. */
function overridesFor(answers: Answers, scenario: Scenario): Overrides {
  const written = answersOf(scenario);
  return {
    ...(answers.bidirectional === written.bidirectional
      ? {}
      : answers.bidirectional
        ? { publish: 'clients' }
        : { publish: 'server', uplink: 'none' }),
    ...(answers.binary === written.binary ? {} : { payload: answers.binary ? 'binary' : 'text' }),
    ...(answers.toleratesMs === written.toleratesMs ? {} : { tolerates: `${answers.toleratesMs}ms` }),
  };
}
