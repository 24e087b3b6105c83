import { measuredBy, whyNoFacts } from '../columns.js';
import { type Claim, type Feature, found, judged, missing, notMeasured, together } from '../feature.js';
import type { GuideFacts } from '../schema.js';

const IN_BROWSER: Readonly<Record<GuideFacts['browser'], string>> = {
  'built-in': 'by what browsers have built in',
  library: 'by a library',
  unavailable: 'no browser',
};

/** What is missing where no page took part. */
const NO_PAGES = measuredBy('rtbench run --via browser');

const supported: Claim = {
  rule: 'a page of Chromium got every message by what browsers have built in (--via browser)',
  reason:
    'one browser is all that rtbench drives: that it works there is measured, that it works in all of them is not. Where ' +
    'the profile says that no page can, the claim does not hold',
  judge(column, { report }) {
    const { facts, sound } = column;
    if (facts === null) return notMeasured(whyNoFacts(column));
    if (facts.browser === 'unavailable') return judged(false, facts.browserObstacle ?? IN_BROWSER.unavailable);
    if (report.scenario.via !== 'browser' || sound === null) {
      return notMeasured(NO_PAGES);
    }
    const { lost, delivered } = sound.delivery;
    return judged(lost === 0 && delivered > 0, `${IN_BROWSER[facts.browser]}, in Chromium, the one browser tried`);
  },
};

export const browserSupport: Feature = {
  key: 'browser-support',
  found: (column, { report }) => {
    const { facts, sound } = column;
    if (facts === null) return missing(whyNoFacts(column));
    const fact = found(IN_BROWSER[facts.browser], ...(facts.browserObstacle === null ? [] : [facts.browserObstacle]));
    if (facts.browser === 'unavailable') return fact;
    if (report.scenario.via !== 'browser' || sound === null) {
      return together(fact, missing(NO_PAGES));
    }
    return together(fact, found('pages of Chromium got every message'));
  },
  claims: { 'Short Polling': supported, 'Long Polling': supported, SSE: supported, WebSockets: supported },
};
