import { whyNoFacts } from '../columns.js';
import { type Claim, claimOfFacts, type Feature, found, judged, missing } from '../feature.js';

function named(protocol: string): Claim {
  return claimOfFacts(
    {
      rule: `the transport's protocol begins with "${protocol}"`,
      reason: 'a version behind the name (HTTP/2) is the same protocol in the words of the table',
    },
    (facts) => judged(facts.protocol.startsWith(protocol), facts.protocol),
  );
}

export const protocol: Feature = {
  key: 'protocol',
  found: (column) => (column.facts === null ? missing(whyNoFacts(column)) : found(column.facts.protocol)),
  claims: {
    'Short Polling': named('HTTP'),
    'Long Polling': named('HTTP'),
    SSE: named('HTTP'),
    WebSockets: named('WS'),
  },
};
