import { formatCount, formatUs } from '../../../units.js';
import { counted } from '../../wording.js';
import { extraOf, whyNoFacts } from '../columns.js';
import { claimOfFacts, type Feature, found, judged, marked, missing, together } from '../feature.js';
import type { GuideFacts } from '../schema.js';

const WHO: Readonly<Record<GuideFacts['reconnect'], string>> = {
  'built-in': 'built into the browser and the library',
  'by-client': 'by code of the client',
};

const reason =
  'who reconnects is a fact of the protocol and its API, and not measured. What is measured beside it, a cut of every ' +
  'connection, takes one policy for all: rtbench reconnects by itself, EventSource included';

const byClient = claimOfFacts(
  { rule: 'nothing but code of the client opens a new connection: `reconnect` of the profile is `by-client`', reason },
  ({ reconnect }) => judged(reconnect === 'by-client', WHO[reconnect]),
);

export const autoReconnect: Feature = {
  key: 'auto-reconnect',
  found: (column, evidence) => {
    const fact = column.facts === null ? missing(whyNoFacts(column)) : found(WHO[column.facts.reconnect]);
    const extra = extraOf('cut', evidence, column);
    if ('missing' in extra) return together(fact, missing(extra.missing));
    const { verdict, clientsDropped, clientsAway, backUs, resumed, missed, recovered } = extra.found;
    if (clientsDropped === 0) return together(fact, missing('not measured: the cut met no connection'));
    const back =
      backUs.all === null
        ? `${counted(clientsAway, 'client')} of ${formatCount(clientsDropped)} did not come back`
        : `cut: half were back ${backUs.p50 === null ? '–' : formatUs(backUs.p50)} later, all ${formatUs(backUs.all)}`;
    return together(
      fact,
      marked(
        verdict,
        found(
          back,
          `${counted(missed, 'message')} missed, ${formatCount(recovered)} caught up${resumed ? '' : ' (begins anew)'}`,
        ),
      ),
    );
  },
  claims: {
    'Short Polling': byClient,
    'Long Polling': byClient,
    SSE: claimOfFacts(
      { rule: 'the API itself opens a new connection: `reconnect` of the profile is `built-in`', reason },
      ({ reconnect }) => judged(reconnect === 'built-in', WHO[reconnect]),
    ),
    WebSockets: byClient,
  },
};
