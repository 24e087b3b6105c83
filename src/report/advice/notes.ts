import { clientsSend } from '../../scenario/uplink.js';
import { formatCount, formatDurationMs } from '../../units.js';
import type { Report } from '../schema.js';
import { completedRuns, MIN_PAIRS } from '../statistics.js';
import { isRanked } from '../tolerance.js';
import { counted, listed } from '../wording.js';

import type { Answers } from './answers.js';
import type { Evidence } from './measured-advice.js';
import type { AdviceRequest } from './shape.js';

/** What to know about an advice before it is followed. `evidence`: what it rests on. */
export function notesOf({ answers, candidates, passages = null }: AdviceRequest, evidence: Evidence | null): string[] {
  const services = candidates.filter(({ profile }) => profile.group === 'rpc').map(({ label }) => label);
  const ofServices =
    services.length === 0
      ? []
      : [
          answers.browser
            ? `${listed(services)} is for what no browser has to reach: the guide has it for typed, service-to-service communication.`
            : `No browser has to reach it: the guide has ${listed(services)} for typed, service-to-service communication.`,
        ];
  const untried =
    answers.restrictiveProxies && passages === null
      ? ['What passes is taken from how messages arrive; no proxy was tried. `rtbench proxies` tries some.']
      : [];
  return [
    ...ofServices,
    ...untried,
    ...(evidence ? [...notesOfReport(evidence.report, answers), ...notesOfIntervals(evidence, answers)] : []),
  ];
}

/** From here on a poll was made needlessly often: twice in the time that there is. */
const NEEDLESS = 2;

/** A poll at another interval than the delay calls for: its cost is that of the interval it had. */
function notesOfIntervals({ candidateOf }: Evidence, { toleratesMs }: Answers): string[] {
  return [...candidateOf.values()].flatMap(({ label, worstWaitMs, settings, profile }) => {
    if (profile.group === 'control' || worstWaitMs <= 0 || !('intervalMs' in settings)) return [];
    const was = `${label} was measured with a poll every ${formatDurationMs(worstWaitMs)}`;
    const tolerated = formatDurationMs(toleratesMs);
    if (NEEDLESS * worstWaitMs <= toleratesMs) return [`${was}; every ${tolerated} would do, and cost less.`];
    return worstWaitMs > toleratesMs ? [`${was}; below ${tolerated} it might be in time, and cost more.`] : [];
  });
}

function notesOfReport(report: Report, answers: Answers): string[] {
  const { scenario, interrupted, network, transports } = report;
  const { scale } = scenario;
  const { payload } = scenario.workload;
  const upwards = clientsSend(scenario.workload);
  const rounds = Math.max(0, ...transports.filter(isRanked).map((row) => completedRuns(row).length));
  return [
    ...(scale === 1
      ? []
      : [
          `Measured ${formatCount(scale)} times as fast as in life: ${formatDurationMs(answers.toleratesMs)} here stand for ${formatDurationMs(answers.toleratesMs * scale)}, and so for every delay; network and CPU did not get faster.`,
        ]),
    ...(upwards === answers.bidirectional
      ? []
      : [
          upwards
            ? `Clients sent too in what was measured, and here only the server does: ${scenario.workload.publish === 'clients' ? 'latency, bytes and CPU' : 'bytes and CPU'} include a way up that is not needed.`
            : 'Only the server published in what was measured: what clients send is in none of these figures.',
        ]),
    ...((payload === 'binary') === answers.binary
      ? []
      : [`Bodies were ${payload} in what was measured, and here they are ${answers.binary ? 'binary' : 'text'}.`]),
    ...(answers.toleratesMs === scenario.toleratesMs
      ? []
      : [
          `The scenario tolerates ${formatDurationMs(scenario.toleratesMs)}; rows were held against ${formatDurationMs(answers.toleratesMs)} instead.`,
        ]),
    ...(rounds > 0 && rounds < MIN_PAIRS
      ? [
          `Which server CPU is lower takes ${MIN_PAIRS} rounds to say, there ${rounds === 1 ? 'was' : 'were'} ${counted(rounds, 'round')}: bytes decided alone.`,
        ]
      : []),
    ...(interrupted ? ['The measurement was interrupted before all planned runs were done.'] : []),
    ...(network === null
      ? ['Measured without distance: a network delays every row, most those with a round trip per message.']
      : []),
  ];
}
