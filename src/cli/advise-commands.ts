import type { Answers, Sources } from '../report/advice/answers.js';
import type { Commands } from '../report/advice/shape.js';
import { loadScenario } from '../scenario/load.js';
import type { Scenario } from '../scenario/scenario.js';
import { clientsSend } from '../scenario/uplink.js';
import { roundValue, spellValue } from '../scenario/vary.js';
import { spellDurationMs } from '../units.js';
import { commandLine } from './command-line.js';

interface Asked {
  readonly answers: Answers;
  readonly sources: Sources;
  readonly scenarioName: string | undefined;
}

/** Shipped scenarios in which only the server sends, and in which clients do. */
const SHIPPED = { down: 'default', both: 'chat' } as const;

/** A sweep suggested goes this many times below the scenario's own rate, and above it. */
const REACH = 10;

/** What would measure what an advice cannot say. */
export function commandsFor(asked: Asked): Commands {
  const { answers } = asked;
  const { name, scenario } = scenarioLike(asked);
  const { payload, ratePerSecond } = scenario.workload;
  const spelled = [
    ...(name === SHIPPED.down ? [] : [name]),
    ...((payload === 'binary') === answers.binary ? [] : ['--payload', answers.binary ? 'binary' : 'text']),
  ];
  const ends = [ratePerSecond / REACH, ratePerSecond * REACH].map((rate) =>
    spellValue('rate', roundValue('rate', rate)),
  );
  return {
    advice: commandLine(['advise', ...spellAnswers(asked), '--measure']),
    sweep: commandLine(['sweep', ...spelled, '--vary', `rate=${ends.join('..')}`]),
    capacity: commandLine(['capacity', ...spelled]),
  };
}

/** The scenario that was named, if it has that direction, or one that ships; carried out as fast as it is written. */
function scenarioLike({ answers, scenarioName }: Asked): { name: string; scenario: Scenario } {
  const fallback = answers.bidirectional ? SHIPPED.both : SHIPPED.down;
  for (const name of scenarioName === undefined ? [] : [scenarioName]) {
    const { scenario } = loadScenario(name);
    if (clientsSend(scenario.workload) === answers.bidirectional) return { name, scenario };
  }
  return { name: fallback, scenario: loadScenario(fallback).scenario };
}

/** The scenario and what was said beside it, or every answer: as one would type it. */
function spellAnswers({ answers, sources, scenarioName }: Asked): string[] {
  const isSaid = (key: keyof Answers) => scenarioName === undefined || sources[key] === 'given';
  const spelled = (key: keyof Answers, name: string) =>
    isSaid(key) ? [`--${answers[key] === true ? '' : 'no-'}${name}`] : [];
  return [
    ...(scenarioName === undefined ? [] : [scenarioName]),
    ...spelled('bidirectional', 'bidirectional'),
    ...(isSaid('toleratesMs') ? ['--tolerates', spellDurationMs(answers.toleratesMs)] : []),
    ...spelled('binary', 'binary'),
    ...spelled('restrictiveProxies', 'restrictive-proxies'),
    ...spelled('browser', 'browser'),
  ];
}
