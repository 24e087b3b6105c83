import type { Choice, Estimate, Field, ScenarioOffer, TechniqueOffer, WizardFacts } from '../dashboard/index.js';
import { UsageError } from '../errors.js';
import { listScenarios, loadScenario } from '../scenario/load.js';
import { resolveRows } from '../scenario/rows.js';
import type { Plan, Scenario } from '../scenario/scenario.js';
import { builtInTransports, loadTransport } from '../transports/index.js';
import { significant, spellDurationMs } from '../units.js';
import { describeSetting } from './list.js';
import { registry } from './registry.js';
import { planOf } from './run-plan.js';

/** What there is to choose from. */
export async function wizardFacts(): Promise<WizardFacts> {
  const techniques = await techniqueOffers();
  const all = techniques.map(({ name }) => name);
  const scenarios: ScenarioOffer[] = [];
  for (const { name, title, question } of listScenarios()) {
    const { scenario, transports } = loadScenario(name);
    const listed = transports.map(({ spec }) => spec);
    const as = await estimate({ scenario: name, transports: [], values: {} });
    scenarios.push({
      name,
      title,
      question,
      takesMs: 'problems' in as ? null : as.takesMs,
      transports: listed.length > 0 ? listed : all,
      values: valuesOf(scenario),
    });
  }
  return { scenarios, techniques };
}

/** Every technique that is a choice; controls come with every run. */
async function techniqueOffers(): Promise<TechniqueOffer[]> {
  const offers: TechniqueOffer[] = [];
  for (const { name, module } of builtInTransports) {
    const { profile, settings } = await loadTransport(module);
    if (profile.group === 'control') continue;
    const lines = Object.entries(settings).map(([key, spec]) => describeSetting(key, spec));
    offers.push({ name, title: profile.title, summary: profile.summary, settings: lines });
  }
  return offers;
}

/** As flags take them: those speak of life, whatever the scale. */
function valuesOf({ workload, rounds, auto, scale }: Scenario): Record<Field, string> {
  return {
    clients: String(workload.clients),
    rate: `${Number(significant(workload.ratePerSecond / scale))}/s`,
    size: sizeText(workload.sizeBytes),
    duration: spellDurationMs(workload.durationMs * scale),
    rounds: auto === null ? String(rounds) : 'auto',
  };
}

function sizeText(bytes: number): string {
  return bytes % 1_024 === 0 ? `${bytes / 1_024}KiB` : `${bytes}B`;
}

/** What a choice comes to, from the plan that `run` would make of it. */
export async function estimate({ scenario, transports, values }: Choice): Promise<Estimate> {
  try {
    return estimateOfPlan(
      await planOf(scenario, { ...values, transport: transports, fault: [], evidence: [], ui: true }),
    );
  } catch (error) {
    if (error instanceof UsageError) return { problems: error.problems };
    throw error;
  }
}

function estimateOfPlan({ scenario, sockets, runs, estimatedMs, notes }: Plan): Estimate {
  const { ratePerSecond, clients, channels } = scenario.workload;
  return {
    messagesPerSecond: ratePerSecond,
    deliveriesPerSecond: ratePerSecond * (channels === 'private' ? 1 : clients / channels),
    sockets,
    runs: runs.length,
    takesMs: scenario.auto === null ? estimatedMs : Math.min(estimatedMs, scenario.auto.budgetMs),
    notes,
  };
}

/** @throws UsageError saying why a transport with settings is refused. */
export async function checkVariant(spec: string): Promise<void> {
  await resolveRows([{ spec, where: 'variant' }], 'server', registry);
}
