import type { Feature } from '../feature.js';
import { autoReconnect } from './auto-reconnect.js';
import { bestFor } from './best-for.js';
import { binaryData } from './binary-data.js';
import { browserSupport } from './browser-support.js';
import { complexity } from './complexity.js';
import { connection } from './connection.js';
import { direction } from './direction.js';
import { latency } from './latency.js';
import { protocol } from './protocol.js';
import { scalability } from './scalability.js';
import { serverOverhead } from './server-overhead.js';
import { throughProxies } from './through-proxies.js';

/** Every row of the guide's table, in its order. */
export const FEATURES: readonly Feature[] = [
  direction,
  protocol,
  connection,
  latency,
  serverOverhead,
  binaryData,
  autoReconnect,
  browserSupport,
  throughProxies,
  scalability,
  complexity,
  bestFor,
];
