import type { ClientCode } from './client-code.js';

/** By transport, as counted in the sources; `npx vitest run src/report/guide/client-code -u` counts them again. */
export const CLIENT_CODE: Readonly<Record<string, ClientCode>> = {
  grpc: { page: null, node: { lines: 462, states: 9 } },
  harness: { page: null, node: { lines: 22, states: 0 } },
  'long-polling': { page: { lines: 69, states: 2 }, node: { lines: 791, states: 25 } },
  'short-polling': { page: { lines: 69, states: 2 }, node: { lines: 814, states: 26 } },
  sse: { page: { lines: 20, states: 0 }, node: { lines: 826, states: 26 } },
  tcp: { page: null, node: { lines: 158, states: 9 } },
  websocket: { page: { lines: 27, states: 0 }, node: { lines: 320, states: 7 } },
};
