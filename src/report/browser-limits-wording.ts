import { formatDurationMs } from '../units.js';
import type { BrowserLimits, CompletedLimit } from './browser-limits-schema.js';
import { listed } from './wording.js';

export function browserLimitsTitle({ browser, waitMs }: BrowserLimits): string {
  return `What one page of ${browser.name} ${browser.version} holds open at one origin, after ${formatDurationMs(waitMs)}`;
}

export function completedLimits({ limits }: BrowserLimits): CompletedLimit[] {
  return limits.filter((limit): limit is CompletedLimit => limit.state === 'completed');
}

/** What the browser lets a page have, and what that means for everything else that the page asks for. */
export function browserLimitsStatements(report: BrowserLimits): string[] {
  const limits = completedLimits(report);
  const short = limits.filter(({ asked, atServer }) => atServer < asked);
  const all = limits.filter(({ asked, atServer }) => atServer >= asked);
  return [
    ...short.map(
      (limit) => `${limit.label}: ${limit.atServer} of ${limit.asked} are open; ${consequence(limit, report.waitMs)}.`,
    ),
    ...(all.length > 0 ? [`All are open of ${listed(all.map(({ label }) => label))}.`] : []),
  ];
}

/** What was not measured, and why. */
export function browserLimitsNotes({ limits, unreachable }: BrowserLimits): string[] {
  return [
    ...limits.flatMap((limit) => (limit.state === 'failed' ? [`${limit.label} (failed): ${limit.reason}.`] : [])),
    ...unreachable.map(({ label, reason }) => `${label}: not reachable from a browser: ${reason}.`),
  ];
}

export const BROWSER_LIMITS_LEGEND: readonly string[] = [
  'Open: clients of the page whose request or upgrade the server holds when the time is over, seen by the server.',
  'One more request: how long the same page then waits for an answer to another request at that origin.',
  "The limit is the browser's, for an origin and all pages of a profile together; several tabs share it.",
  'HTTP/2 goes over TLS, as browsers speak it so only; everything else is in the clear.',
];

function consequence({ furtherRequestMs }: CompletedLimit, waitMs: number): string {
  return furtherRequestMs === null
    ? `the others wait, and so does whatever else the page asks of that origin (no answer within ${formatDurationMs(waitMs)})`
    : 'the others wait, while another kind of request is answered';
}
