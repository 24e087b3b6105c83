import type { Row, Scenario } from './scenario.js';

/** A row that is left out, and why: no browser reaches it, or it does not reconnect by itself where that is asked for. */
export interface Unreachable {
  readonly transport: string;
  readonly label: string;
  /** A clause that can stand after "because". */
  readonly reason: string;
}

/** Each probe is a page with a process of its own. */
const MAX_PAGES = 16;

/** The rows that a page can be a client of, and the others; with no browser all are reached. */
export function reachableRows(
  rows: readonly Row[],
  { via }: Pick<Scenario, 'via'>,
): { readonly reached: readonly Row[]; readonly unreachable: readonly Unreachable[] } {
  if (via !== 'browser') return { reached: rows, unreachable: [] };
  const unreachable = rows.flatMap((row) => {
    const reason = obstacleOf(row);
    return reason === undefined ? [] : [{ transport: row.transport, label: row.label, reason }];
  });
  return { reached: rows.filter((row) => obstacleOf(row) === undefined), unreachable };
}

/** Why a scenario cannot go through a browser, and what to do. */
export function browserProblems(
  { via, workload, probes, tls, interleaveMs }: Scenario,
  rows: readonly Row[],
): string[] {
  if (via !== 'browser') return [];
  const problems: string[] = [];
  if (workload.publish === 'clients') {
    problems.push('`via: browser` has probes that only listen, and here clients publish: use `publish: server`');
  }
  if (probes > MAX_PAGES) {
    problems.push(
      `\`via: browser\` opens a page for each probe, ${MAX_PAGES} at the most: lower --probes, which is ${probes}`,
    );
  }
  if (interleaveMs !== null) {
    problems.push('`via: browser` starts a browser for each run, one run at a time: leave out --interleave');
  }
  for (const { label, profile } of rows) {
    if (profile.browserOverTlsOnly && !tls) problems.push(`${label}: browsers speak it over TLS only: add --tls`);
  }
  return problems;
}

function obstacleOf({ profile, hasPage }: Row): string | undefined {
  if (profile.browser === 'unavailable') return profile.browserObstacle ?? 'its profile says that no browser has it';
  return hasPage === false ? 'it brings nothing for a page to run (`page`)' : undefined;
}
