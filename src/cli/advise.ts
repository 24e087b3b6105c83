import { EXIT, UsageError } from '../errors.js';
import { advise as adviseBy } from '../report/advice/advice.js';
import type { Answers } from '../report/advice/answers.js';
import type { Advice } from '../report/advice/schema.js';
import type { AdviceRequest } from '../report/advice/shape.js';
import { renderAdvice } from '../reporters/advice-table.js';
import { loadScenario } from '../scenario/load.js';
import { resolveRows } from '../scenario/rows.js';
import type { Scenario } from '../scenario/scenario.js';
import { complete, givenBy } from './advise-answers.js';
import { commandsFor } from './advise-commands.js';
import { findLoads } from './advise-loads.js';
import { measureFor } from './advise-measure.js';
import { Interrupted } from './ask.js';
import { commandLine } from './command-line.js';
import { DEFAULT_FOLDER, type FoundEvidence, findEvidence, findPassages } from './evidence.js';
import { deliver, provable, spell } from './output.js';
import { registry } from './registry.js';
import { readTool } from './version.js';

export interface AdviseFlags {
  readonly bidirectional?: boolean;
  readonly serverToClient?: boolean;
  /** As typed; `false`: no delay of seconds. */
  readonly tolerates?: string | false;
  readonly binary?: boolean;
  readonly restrictiveProxies?: boolean;
  readonly browser?: boolean;
  /** A file or a folder; `true` or absent: the newest that fits; `false`: none. */
  readonly results?: string | boolean;
  /** Files of sweeps and capacities; empty: the newest that fit, where results are looked for. */
  readonly evidence: readonly string[];
  readonly measure?: boolean;
  readonly rounds?: string;
  readonly out?: string;
  readonly json?: string;
  readonly quiet?: boolean;
}

/** `rtbench advise`. `args`: the command line, for a result to say how to measure it again. */
export async function advise(
  scenarioName: string | undefined,
  flags: AdviseFlags,
  args: readonly string[],
): Promise<number> {
  const startedAt = new Date();
  const given = givenBy(flags);
  if (flags.measure && flags.results) {
    throw new UsageError('--measure and --results: one measures, the other reads what was measured; give one of them');
  }
  if (flags.rounds !== undefined && !flags.measure) throw new UsageError('--rounds: is for --measure; add that');
  // As in life: a question is about that, however fast it is carried out.
  const loaded = scenarioName === undefined ? null : loadScenario(scenarioName, { scale: '1' });
  const scenario = loaded?.scenario ?? null;
  if (flags.json !== undefined && flags.json !== '-') await provable('--json', flags.json);
  const completed = await complete(given, scenario).catch((error: unknown) => {
    if (error instanceof Interrupted) return undefined;
    throw error;
  });
  if (completed === undefined) return EXIT.interrupted;
  const { answers, sources } = completed;
  const publish = answers.bidirectional ? 'clients' : 'server';
  const candidates = await resolveRows(loaded?.transports ?? [], publish, registry);
  const found = await evidenceFor({ answers, scenarioName, scenario, flags, args });
  const request: AdviceRequest = {
    answers,
    sources,
    candidates,
    scenario: scenario && { name: scenario.name, title: scenario.title },
    evidence: found.evidence,
    otherEvidence: found.others,
    passages: answers.restrictiveProxies && flags.results !== false ? await findPassages(flags.results) : null,
    loads: await findLoads({
      answers,
      scenario: scenario?.name ?? null,
      files: flags.evidence,
      folder: flags.results === false ? null : typeof flags.results === 'string' ? flags.results : DEFAULT_FOLDER,
    }),
    commands: commandsFor({ answers, sources, scenarioName }),
    made: { tool: readTool(), startedAt: startedAt.toISOString(), command: commandLine(args) },
  };
  return print(adviseBy(request), found, flags);
}

interface Wanted {
  readonly answers: Answers;
  readonly scenarioName: string | undefined;
  readonly scenario: Scenario | null;
  readonly flags: AdviseFlags;
  readonly args: readonly string[];
}

async function evidenceFor({ answers, scenarioName, scenario, flags, args }: Wanted): Promise<FoundEvidence> {
  const { results, measure } = flags;
  if (measure) return measureFor({ answers, scenarioName, flags, args });
  if (results === false) return { evidence: null, others: [], interrupted: false };
  return findEvidence({
    answers,
    scenario: scenario?.name ?? null,
    path: typeof results === 'string' ? results : undefined,
  });
}

async function print(advice: Advice, { interrupted }: FoundEvidence, { json, measure }: AdviseFlags): Promise<number> {
  const screen = json === '-' ? process.stderr : process.stdout;
  await deliver(json, spell(advice));
  screen.write(
    renderAdvice(advice, {
      width: screen.columns ?? 100,
      color: screen.isTTY === true && !process.env.NO_COLOR,
    }),
  );
  if (interrupted) return EXIT.interrupted;
  return measure && advice.basis === 'facts' ? EXIT.runFailed : EXIT.ok;
}
