import { formatCount } from '../units.js';
import { MAX_PROXIED_SOCKETS } from './limits.js';
import type { Scenario } from './scenario.js';
import { proxyOf, spellVia } from './via.js';

/** Why a scenario cannot go through a proxy, and what to do. `sockets`: those that clients open. */
export function proxyProblems(scenario: Scenario, sockets: number): string[] {
  const proxy = proxyOf(scenario);
  if (proxy === null) return [];
  const via = `\`via: ${spellVia(proxy)}\``;
  const problems: string[] = [];
  if (scenario.tls) {
    problems.push(
      `${via} is for connections in the clear, of which a proxy can read what passes: leave out --tls and --preset`,
    );
  }
  if (scenario.slowReaders !== null) {
    problems.push(
      `what waits for a slow reader waits in the proxy as well, where nobody sees it: leave out ${via} or the slow readers`,
    );
  }
  if (sockets > MAX_PROXIED_SOCKETS) {
    problems.push(
      `${via} is set up for ${formatCount(MAX_PROXIED_SOCKETS)} connections of clients, and here are ${formatCount(sockets)}: lower --clients`,
    );
  }
  return problems;
}
