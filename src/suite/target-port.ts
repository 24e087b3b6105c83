import type { Row } from '../scenario/scenario.js';
import { urlsOf } from '../scenario/target.js';
import { hasOpenPort, targetAtPort, urlAtPort } from '../scenario/target-port.js';
import { fixedPort, releasePort } from './fixed-port.js';
import type { RunOptions } from './run.js';

/** All of them: a server may listen at any. */
const ADDRESSES = ['0.0.0.0'];

/** Carries out what gets them, where the target leaves its port open with a port for this run alone. */
export async function atOwnPort<T>(
  row: Row,
  options: RunOptions,
  carryOut: (row: Row, options: RunOptions) => Promise<T>,
): Promise<T> {
  const { plan } = options;
  if (!plan.target || !urlsOf(plan.target).some(hasOpenPort)) return carryOut(row, options);
  const port = await fixedPort(ADDRESSES);
  const { endpoint } = row;
  try {
    return await carryOut(endpoint ? { ...row, endpoint: { ...endpoint, url: urlAtPort(endpoint.url, port) } } : row, {
      ...options,
      plan: { ...plan, target: targetAtPort(plan.target, port) },
    });
  } finally {
    releasePort(port);
  }
}
