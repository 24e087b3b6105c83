import { extraOf } from '../columns.js';
import { type Claim, type Feature, found, judged, missing, notMeasured } from '../feature.js';

/** One proxy is no survey; `rtbench proxies` tries others. */
const ONE_PROXY = 'nginx as a newcomer writes it (proxy_pass and nothing else) stands for proxies; it is one of them';

function passes(rule: string): Claim {
  return {
    rule,
    reason: ONE_PROXY,
    judge(column, evidence) {
      const extra = extraOf('nginx', evidence, column);
      if ('missing' in extra) return notMeasured(extra.missing);
      const { direct, outcome, reason } = extra.found;
      if (direct !== 'delivered')
        return notMeasured(`with nothing between it was ${direct} too: this machine is too busy`);
      return judged(
        outcome === 'delivered',
        outcome === 'delivered' ? 'nginx: delivered' : `nginx: ${outcome}, ${reason}`,
      );
    },
  };
}

const mayNeed: Claim = {
  rule: 'by default it does not pass nginx, with lines that the documentation of nginx names it does',
  reason: `${ONE_PROXY}. "May need" is met by a proxy that does need, and that can be configured`,
  judge(column, evidence) {
    const extra = extraOf('nginx', evidence, column);
    if ('missing' in extra) return notMeasured(extra.missing);
    const { direct, outcome, mend } = extra.found;
    if (direct !== 'delivered')
      return notMeasured(`with nothing between it was ${direct} too: this machine is too busy`);
    if (outcome === 'delivered') return judged(false, 'nginx: delivered as it is');
    if (mend === null) return judged(false, `nginx: ${outcome}, and no line was found that mends it`);
    return judged(true, `nginx: ${outcome} by default, delivered with ${mend.map(({ text }) => text).join(' ')}`);
  },
};

export const throughProxies: Feature = {
  key: 'through-proxies',
  found: (column, evidence) => {
    const extra = extraOf('nginx', evidence, column);
    if ('missing' in extra) return missing(extra.missing);
    const { outcome, reason, mend } = extra.found;
    return found(
      outcome === 'delivered' ? 'nginx by default: delivered' : `nginx by default: ${outcome}, ${reason}`,
      ...(mend === null ? [] : [`delivered with: ${mend.map(({ text }) => text).join(' ')}`]),
    );
  },
  claims: {
    'Short Polling': passes('every message passes nginx in time, as it is by default'),
    'Long Polling': passes('every message passes nginx in time, as it is by default'),
    SSE: passes('every message passes nginx in time, as it is by default'),
    WebSockets: mayNeed,
  },
};
