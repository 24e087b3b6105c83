import { UsageError } from '../errors.js';
import type { Row, Scenario } from '../scenario/scenario.js';
import type { Target } from '../scenario/target.js';
import { hasOpenPort } from '../scenario/target-port.js';

/** What one side is reached by. */
export interface Reached {
  readonly target: Target;
  readonly row: Pick<Row, 'endpoint'>;
  readonly workload: Pick<Scenario['workload'], 'publish'>;
}

/** @throws UsageError where base and head would be the same server, or listen at the same port. */
export function requireTwoServers(base: Reached, head: Reached): void {
  const others = addressesOf(head).map(({ url }) => new URL(url).origin);
  const same = addressesOf(base).find(({ url }) => !hasOpenPort(url) && others.includes(new URL(url).origin));
  const [one, other] = [base.target.server, head.target.server];
  if (same !== undefined && one?.kind === 'command' && other?.kind === 'command') {
    throw new UsageError(
      `${same.where}: base and head run side by side, and both would listen at ${same.url}: write {port} for the port, as in ` +
        '--target http://localhost:{port}, and have the command take it, by {port} too or by PORT in its environment',
    );
  }
  if (same !== undefined) {
    throw new UsageError(
      `${same.where}: base and head would both be reached at ${same.url}, and so be the same server: ` +
        (same.where === '--target' ? 'give each its own, with --base-target and --head-target' : 'leave it out'),
    );
  }
  if (one?.kind === 'pid' && other?.kind === 'pid' && one.pid === other.pid) {
    throw new UsageError(
      `--base-pid, --head-pid: process ${one.pid} would be read for both: give each its own, or leave them out and hold latencies alone`,
    );
  }
}

/** Those that are used: what a technique says of itself comes before what all of them say. */
function addressesOf({ target, row, workload }: Reached): { readonly url: string; readonly where: string }[] {
  const own = row.endpoint?.url;
  const reached =
    own === undefined || own === target.url
      ? { url: target.url, where: '--target' }
      : { url: own, where: '`url` of the technique' };
  const published = workload.publish === 'server' ? target.publish?.url : null;
  return published ? [reached, { url: published, where: '`target.publish.url`' }] : [reached];
}
