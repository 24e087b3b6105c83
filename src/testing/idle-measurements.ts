import type { IdleMeasurement } from '../report/idle.js';
import websocket from '../transports/websocket/index.js';
import { PUSH } from './measurement.js';

/** Pings every 500 ms, six of them counted; everyone noticed, and one of two timeouts cut. */
export function idleMeasurement(changes: Partial<IdleMeasurement> = {}): IdleMeasurement {
  const promiseAt = (pingMs: number) => websocket.heartbeat?.promise({ pingMs }) ?? null;
  const promise = promiseAt(500);
  if (!promise) throw new Error('no promise');
  return {
    row: { ...PUSH, transport: 'websocket', label: 'WebSocket', profile: websocket.profile },
    by: 'interval',
    promise,
    promiseScaled: promiseAt(25_000),
    clients: 3,
    auth: null,
    failure: null,
    bytes: { overMs: 3_000, heartbeats: 6, bytes: { up: 36, down: 12 }, connections: 0, theory: { up: 36, down: 12 } },
    notice: { clientMs: [620, 700, 1_040], serverMs: [530, 710, 980] },
    survival: [
      { timeoutMs: 250, survived: 0 },
      { timeoutMs: 2_000, survived: 3 },
    ],
    unmeasured: {},
    ...changes,
  };
}
