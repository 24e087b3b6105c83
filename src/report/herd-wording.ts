import { authNote } from '../scenario/auth.js';
import { formatCount, formatDurationMs } from '../units.js';
import { ONLY_COMPARED } from './auth-notes.js';
import { PEAK_TOLERANCE } from './herd.js';
import type { CompletedHerd, HerdReport } from './herd-schema.js';
import { listed, plainFigure } from './wording.js';

export function herdTitle({ herd }: HerdReport): string {
  return `The herd after a restart: ${formatCount(herd.clients)} clients, ${herd.label}`;
}

/** What was done, in one sentence, with the scale where there is one. */
export function herdFacts({ herd }: HerdReport): string {
  const how = herd.leave === 'kill' ? 'killed' : 'closed every connection and ended';
  const scale =
    herd.scale === 1
      ? ''
      : ` Scaled: every time of the policies is multiplied by ${herd.scale}. So this stands for the policies as they are ` +
        `with the server away for ${formatDurationMs(herd.awayMs / herd.scale)} and the peak taken over ` +
        `${formatDurationMs(herd.windowMs / herd.scale)}, and rates would be ${plainFigure(herd.scale)} times these.`;
  return (
    `The server was ${how}, and told to listen again after ${formatDurationMs(herd.awayMs)}. Every client waits as its policy ` +
    `says and tries again. Peak: most accepts in any ${formatDurationMs(herd.windowMs)}.${authFact(herd.auth)}${scale}`
  );
}

function authFact(auth: HerdReport['herd']['auth']): string {
  if (auth === null) return '';
  const { way, openingBytes } = auth;
  const bytes =
    openingBytes === null
      ? '; over HTTP/2 what that adds to an opening depends on the headers around it'
      : `, ${formatCount(openingBytes.up)} B more up and ${formatCount(openingBytes.down)} B down for an opening`;
  return ` Each attempt shows a token (${way})${bytes}.`;
}

/** How much lower each policy keeps the peak than the same waits without jitter. */
export function herdStatements({ policies, herd }: HerdReport): string[] {
  const jittered = completedOf(policies).filter(
    ({ lowerBy, policy }) => lowerBy.theory !== null && policy !== herd.against,
  );
  const doubtful = new Set(completedOf(policies).flatMap((one) => (one.verdict === 'valid' ? [] : [one.policy])));
  const spread = jittered.filter(({ lowerBy }) => (lowerBy.theory ?? 1) > 1.02);
  const statements = spread.map(({ policy, lowerBy }) => {
    const [measured, theory] = [lowerBy.measured ?? 0, lowerBy.theory ?? 0];
    const apart = Math.abs(measured / theory - 1) > PEAK_TOLERANCE ? `, more than ${100 * PEAK_TOLERANCE} % apart` : '';
    const doubt = doubtful.has(policy) || doubtful.has(herd.against ?? '') ? ' (in doubt, see the notes)' : '';
    return (
      `${policy} keeps the peak ${plainFigure(measured)} times lower than ${herd.against}; theory says ` +
      `${plainFigure(theory)}${apart}${doubt}.`
    );
  });
  const together = completedOf(policies).filter(({ peakPerSecond }) => peakPerSecond.theory === allAtOnce(herd));
  if (together.length > 0) {
    statements.push(
      `All come at once under ${listed(together.map(({ policy }) => policy))}: ${formatCount(herd.clients)} connections ` +
        'in one instant, or as fast as the machine accepts them.',
    );
  }
  return statements;
}

function allAtOnce({ clients, windowMs }: HerdReport['herd']): number {
  return (1_000 * clients) / windowMs;
}

/** What is in doubt, or missing, of single policies. */
export function herdNotes({ policies }: HerdReport): string[] {
  return policies.flatMap((one) =>
    one.state === 'completed'
      ? one.reasons.map((reason) => `${one.policy} (${one.verdict}): ${reason}.`)
      : [`${one.policy} (${one.state}): ${one.reason}.`],
  );
}

/** What the figures do not say. */
export function herdCaveats({ herd: { label, auth } }: HerdReport): string[] {
  if (auth === null) return [];
  return [...authNote({ label, ...auth }, auth.asked).map((note) => `${note}.`), ONLY_COMPARED];
}

export const HERD_LEGEND: readonly string[] = [
  'In parentheses: theory, for clients that lose the server at one instant and whose attempts take no time, with the server away for as long as it was.',
  'Peak: accepts counted where the server accepts, an attempt that is refused is not one. Without jitter it is a spike that any window holds whole, as long as the machine accepts within it.',
  'Back: until so many clients were connected again, counted from when the server listened again.',
  'Server CPU: from when it listened again until the last client was back; each: over the connections, whatever it did for them.',
  'All of it on one machine: clients and server share its cores, and connecting costs both of them.',
];

export function completedOf(policies: HerdReport['policies']): CompletedHerd[] {
  return policies.filter((one): one is CompletedHerd => one.state === 'completed');
}
