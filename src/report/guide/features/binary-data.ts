import { formatBytes, formatCount } from '../../../units.js';
import { extraOf, whyNoFacts } from '../columns.js';
import { type Claim, type Feature, found, judged, missing, notMeasured, together } from '../feature.js';

/** base64 makes 4 characters of 3 bytes. */
export const BASE64 = 4 / 3;

const carries: Claim = {
  rule: 'a random body of 1 KiB comes back byte for byte, up from the client and down to it',
  reason: 'that it can be done is what "yes" says; what it costs, base64 or not, stands beside it',
  judge(column, evidence) {
    const extra = extraOf('binary', evidence, column);
    if ('missing' in extra) return notMeasured(extra.missing);
    return judged(
      true,
      `${formatBytes(extra.of.sizeBytes)} unchanged, ${formatCount(extra.found.message.down)} B down`,
    );
  },
};

const textOnly: Claim = {
  rule: 'bytes do not travel as they are: a body of 1 KiB takes at least 4/3 of its size, as in base64',
  reason: 'any text can carry bytes in an encoding; "text only" is that they need one',
  judge(column, evidence) {
    const extra = extraOf('binary', evidence, column);
    if ('missing' in extra) return notMeasured(extra.missing);
    const { sizeBytes } = extra.of;
    const { down } = extra.found.message;
    return judged(down >= BASE64 * sizeBytes, `${formatCount(down)} B for ${formatCount(sizeBytes)}`);
  },
};

/** As measured in lock-step: one body up, one down, and nothing else on the wire. */
export const binaryData: Feature = {
  key: 'binary-data',
  found: (column, evidence) => {
    const { facts } = column;
    const fact =
      facts === null
        ? missing(whyNoFacts(column))
        : found(`carries ${facts.framing === 'text' ? 'text only: bytes as base64' : 'bytes'}`);
    const extra = extraOf('binary', evidence, column);
    if ('missing' in extra) return together(fact, missing(extra.missing));
    const { publish, message } = extra.found;
    const size = formatBytes(extra.of.sizeBytes);
    return together(
      fact,
      found(
        `${size} down in ${formatCount(message.down)} B${message.up > 0 ? `, asked for with ${formatCount(message.up)} B` : ''}`,
        publish === null
          ? 'none up'
          : `${size} up in ${formatCount(publish.up)} B${publish.down > 0 ? `, answered with ${formatCount(publish.down)} B` : ''}`,
      ),
    );
  },
  claims: { 'Short Polling': carries, 'Long Polling': carries, SSE: textOnly, WebSockets: carries },
};
