import { proxyOf, spellVia } from '../scenario/via.js';
import type { Report } from './schema.js';

/** `through nginx 1.22.1, as its documentation says for each technique`; `undefined`: no proxy stood between. */
export function proxyFact(report: Report): string | undefined {
  const proxy = proxyOf(report.scenario);
  if (proxy === null) return undefined;
  return `through ${titleOf(report)}, ${CONFIGURATIONS[proxy.configuration] ?? `mode ${proxy.configuration}`}`;
}

const CONFIGURATIONS: Readonly<Record<string, string>> = {
  documented: 'set up as its documentation says for each technique',
  default: 'as it is by default',
};

/** What figures are of which hop, where a proxy stood between. */
export function proxyNotes(report: Report): string[] {
  const proxy = proxyOf(report.scenario);
  if (proxy === null) return [];
  const title = titleOf(report);
  return [
    `Bytes are those between ${title} and the server: what the clients themselves sent and got was not counted, and its headers may be others.`,
    `Latency has the way through ${title} in it; server CPU and memory are the server's alone, and the proxy's own are among the details.`,
    ...(report.scenario.auth === null ? [] : ['What a token adds to an opening is what it adds without the proxy.']),
    ...(proxy.configuration === 'default'
      ? [
          `${title} was as it is by default (${spellVia(proxy)}): without :default it has the lines that its documentation names.`,
        ]
      : []),
  ];
}

function titleOf({ environment, scenario }: Report): string {
  const { proxy } = environment;
  if (proxy === null) return `the proxy ${proxyOf(scenario)?.middlebox}`;
  return proxy.version === null ? `the ${proxy.title.toLowerCase()}` : `${proxy.title} ${proxy.version}`;
}
