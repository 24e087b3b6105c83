// @ts-check
import sse from '../dist/transports/sse/index.js';

/** More clients in one process than any probe has: this one is a crowd. */
const CROWD_FROM = 11;

/**
 * SSE with a client that burns `burnUs` of CPU for each message where many of them share a process: a crowd made slower
 * on purpose, while the probe keeps the client it has.
 *
 * @type {import('../dist/transports/transport.js').Transport}
 */
export default {
  ...sse,
  profile: { ...sse.profile, name: 'slow-crowd-sse', title: 'SSE, slow crowd' },
  settings: {
    ...sse.settings,
    burnUs: {
      kind: 'integer',
      default: 15,
      min: 0,
      max: 10_000,
      meaning: 'CPU burned for each message of a crowd, µs',
    },
  },
  async client() {
    const half = await sse.client();
    let connects = 0;
    return {
      connect(options) {
        connects++;
        const { burnUs } = options.settings;
        return half.connect({
          ...options,
          onMessage(body, id) {
            if (connects >= CROWD_FROM) burn(Number(burnUs) / 1_000);
            options.onMessage(body, id);
          },
        });
      },
    };
  },
};

/** @param {number} ms */
function burn(ms) {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}
