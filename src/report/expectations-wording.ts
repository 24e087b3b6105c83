import { spellFigure } from '../scenario/threshold.js';
import { formatCount } from '../units.js';
import type { Expectation } from './expectations-schema.js';
import { counted, listed } from './wording.js';

/** Those that fail the run: missed, or not measured. */
export function unmet(expectations: readonly Expectation[]): Expectation[] {
  return expectations.filter(({ verdict }) => verdict !== 'met');
}

export function areAllMet(expectations: readonly Expectation[]): boolean {
  return unmet(expectations).length === 0;
}

/** `Expected: 2 of 12 thresholds are missed and one is not measured.` */
export function expectationsSentence(expectations: readonly Expectation[]): string {
  const of = (verdict: Expectation['verdict']) => expectations.filter((one) => one.verdict === verdict).length;
  const [missed, absent] = [of('missed'), of('not measured')];
  const failed = [
    ...(missed > 0 ? [`${amount(missed)} missed`] : []),
    ...(absent > 0 ? [`${amount(absent)} not measured`] : []),
  ];
  if (failed.length === 0) {
    return `Expected: ${expectations.length === 1 ? 'the threshold is' : `all ${counted(expectations.length, 'threshold')} are`} met.`;
  }
  return `Expected: of ${counted(expectations.length, 'threshold')} ${listed(failed)}.`;
}

function amount(count: number): string {
  return count === 1 ? 'one is' : `${formatCount(count)} are`;
}

/** `< 250 ms`, as it is asked for. */
export function expectedText({ path, operator, limit }: Pick<Expectation, 'path' | 'operator' | 'limit'>): string {
  return `${operator} ${spellFigure(path, limit)}`;
}

/** The figure, with all its digits where it would read as the limit that it misses; `not measured` without one. */
export function actualText({ path, limit, actual, verdict }: Expectation): string {
  if (actual === null) return 'not measured';
  const spelled = spellFigure(path, actual);
  const readsAsLimit = verdict === 'missed' && actual !== limit && spelled === spellFigure(path, limit);
  return readsAsLimit ? `${spelled} (${actual} against ${limit})` : spelled;
}

/** `WebSocket: latencyUs.p99 is 312 ms, and expected < 250 ms`, with what is to be known of it. */
export function expectationText(expectation: Expectation): string {
  const { label, path, reason, verdict } = expectation;
  const expected = `expected ${expectedText(expectation)}`;
  if (verdict === 'not measured')
    return `${label}: ${path} is not measured, ${expected}: ${reason ?? 'no reason was given'}`;
  return `${label}: ${path} is ${actualText(expectation)}, ${expected}${reason === null ? '' : ` (${reason})`}`;
}
