import { UsageError } from '../errors.js';
import { installedVersion } from '../network/middlebox/foreign-process.js';
import { foreignMiddlebox } from '../network/middlebox/middleboxes.js';
import type { Environment } from '../report/schema.js';
import type { Scenario } from '../scenario/scenario.js';
import { proxyOf } from '../scenario/via.js';

/**
 * The proxy that a scenario goes through, as it is installed here; `null`: it goes through none.
 *
 * @throws UsageError where it is not installed.
 */
export async function proxyToUse(scenario: Pick<Scenario, 'via'>): Promise<Environment['proxy']> {
  const proxy = proxyOf(scenario);
  if (proxy === null) return null;
  if (proxy.middlebox === 'hostile') return { name: proxy.middlebox, title: 'Hostile proxy', version: null };
  const middlebox = foreignMiddlebox(proxy.middlebox);
  const { name, title, debianPackage } = middlebox;
  const version = await installedVersion(middlebox);
  if (version === null) {
    throw new UsageError(
      `--via: ${title} is not installed here: apt-get install ${debianPackage}, or go through the bundled proxy, --via hostile:buffer`,
    );
  }
  return { name, title, version };
}
