import { formatCount, formatDurationMs } from '../units.js';
import type { Row, Scenario } from './scenario.js';
import { isLoopback, isObserved, type Target, type TargetBounds, urlsOf } from './target.js';
import { observedNote, observingProblems } from './target-observing.js';
import { hasOpenPort, PORT_REFERENCE, spellOpenPort } from './target-port.js';

/** Why a target cannot be measured so; empty where it can. */
export function targetProblems(target: Target | null, scenario: Scenario, rows: readonly Row[]): readonly string[] {
  if (target === null) return [];
  return [
    ...hostProblems(target),
    ...boundProblems(target.bounds, scenario),
    ...serverProblems(target),
    ...portProblems(target),
    ...observingProblems(target, scenario),
    ...rows.filter(({ profile }) => profile.inProcess || profile.group === 'control').map(controlProblem),
    ...scenarioProblems(scenario),
  ];
}

/** What measuring from outside makes impossible to say. */
export function targetNotes(target: Target | null): readonly string[] {
  if (target === null) return [];
  const observed = isObserved(target) ? [observedNote(target)] : [];
  const load = target.server === null ? ', nor what they cost the server (--server-command or --server-pid tells)' : '';
  return [
    `${spellOpenPort(target.url)} is measured from outside: bytes are those of the clients' sockets; what they are for is not known${load}`,
    ...observed,
  ];
}

function hostProblems(target: Target): readonly string[] {
  if (target.mayLoadHost) return [];
  return urlsOf(target)
    .filter((url) => !isLoopback(new URL(url).hostname))
    .map(
      (url) =>
        `${spellOpenPort(url)} is not this machine: load only what is yours to load, and say so with --i-may-load-this-host`,
    );
}

function boundProblems(bounds: TargetBounds, { workload }: Scenario): readonly string[] {
  const over: string[] = [];
  const tell = (what: string, bound: string, value: string, key: string) =>
    over.push(
      `${what}, above the ${bound} that a target is loaded with unless its scenario says otherwise: lower it, or write \`target: { bounds: { ${key}: ${value} } }\``,
    );
  const { clients, ratePerSecond, durationMs } = workload;
  if (clients > bounds.clients) {
    tell(`${formatCount(clients)} clients`, formatCount(bounds.clients), String(clients), 'clients');
  }
  if (ratePerSecond > bounds.ratePerSecond) {
    tell(
      `${formatCount(ratePerSecond)} messages/s`,
      `${formatCount(bounds.ratePerSecond)}/s`,
      `${ratePerSecond}/s`,
      'rate',
    );
  }
  if (durationMs > bounds.durationMs) {
    const spelled = formatDurationMs(durationMs);
    tell(`a window of ${spelled}`, formatDurationMs(bounds.durationMs), spelled.replace(' ', ''), 'duration');
  }
  return over;
}

function serverProblems({ server, url }: Target): readonly string[] {
  if (server === null || isLoopback(new URL(url).hostname)) return [];
  const flag = server.kind === 'command' ? '--server-command' : '--server-pid';
  return [`${flag} is for a server of this machine, and ${spellOpenPort(url)} is not: leave it out`];
}

/** A port that is found for a run says something to a server alone that the run starts. */
function portProblems(target: Target): readonly string[] {
  const { server } = target;
  const isOpen = urlsOf(target).some(hasOpenPort);
  if (isOpen && server?.kind !== 'command') {
    return [
      `${PORT_REFERENCE} is for a server that rtbench starts: add --server-command, or give the port that it has`,
    ];
  }
  const texts = server?.kind === 'command' ? [server.command, server.ready ?? ''] : [];
  if (isOpen || !texts.some((text) => text.includes(PORT_REFERENCE))) return [];
  return [
    `${PORT_REFERENCE} stands in the command and not in ${target.url}: write http://localhost:${PORT_REFERENCE} there`,
  ];
}

function controlProblem({ label }: Row): string {
  return `${label} is a control with rtbench's own server: leave it out with --target`;
}

/** What is done by rtbench's own server, or between it and the clients. */
function scenarioProblems(scenario: Scenario): readonly string[] {
  const { faults, slowReaders, network, via, tls, auth, interleaveMs, workload } = scenario;
  const asked = [
    faults !== null && '`faults`, `reconnect` and `resume`',
    slowReaders !== null && '`slowReaders`',
    via !== null && '`via`',
    network !== null && '`network`, `rtt`, `jitter` and `bandwidth`',
    auth !== null && '`auth` (a target has `headers`)',
    tls && '`tls` and `preset` (its URL says https)',
    interleaveMs !== null && '`interleave`',
    workload.uplink !== null && '`uplink`',
  ].filter((what) => what !== false);
  return asked.map((what) => `${what}: only with rtbench's own server, leave it out with \`target\``);
}
