import type { Scenario } from './scenario.js';
import { tellsTime } from './stamp.js';
import { clockOf, isObserved, type Target } from './target.js';
import { spellOpenPort } from './target-port.js';

/** What does not go together with a server that sends what it sends. */
export function observingProblems({ publish, stamp, clockOffset }: Target, { workload }: Scenario): readonly string[] {
  const problems: string[] = [];
  if (publish === null && stamp.kind === 'envelope') {
    problems.push(
      '`stamp: envelope` is in what rtbench publishes, and with `publish: observe` it publishes nothing: use --stamp none, or --stamp field:/time:ms with the place of the time',
    );
  }
  if (clockOffset !== null && !tellsTime(stamp)) {
    problems.push('`clockOffset` is for a `stamp` that is a time of the server, such as field:/time:ms: leave it out');
  }
  if (isObserved({ stamp }) && workload.publish === 'clients') {
    problems.push(
      '`publish: clients` takes their messages back: with `stamp: none` or `field` use a `target.publish` request, or --publish observe',
    );
  }
  return problems;
}

/** What is known of it, and what is not. */
export function observedNote({ url, stamp, clockOffset }: Target): string {
  if (!tellsTime(stamp)) {
    return stamp.kind === 'none'
      ? 'its messages carry no stamp: what arrives is known (when, how much), and neither latency nor what is lost'
      : 'its messages carry a number: what is missing, repeated and late is known, and no latency';
  }
  if (clockOf(clockOffset, url) === null) {
    return `latency takes the clock of ${spellOpenPort(url)} against this one, which is not known: say it with --clock-offset 3ms±1ms`;
  }
  const whose =
    clockOffset === null
      ? ", its clock taken for this machine's (of a tunnel that ends here it is not: say it with --clock-offset 3ms±1ms)"
      : '';
  return `latency is from the time that the server wrote into the message, and no finer than that${whose}; what is lost is not known`;
}
