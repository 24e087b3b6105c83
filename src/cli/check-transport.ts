import { EXIT, messageOf, UsageError } from '../errors.js';
import { resolveRows } from '../scenario/rows.js';
import { openContractBench } from '../server/contract-bench.js';
import { loadTransport } from '../transports/index.js';
import type { ContractTest } from '../transports/testing/bench.js';
import { contractTests } from '../transports/testing/contract.js';
import type { Settings, Transport } from '../transports/transport.js';
import { registry } from './registry.js';

type Outcome = { readonly state: 'passed' } | { readonly state: 'skipped' | 'failed'; readonly reason: string };

/** `rtbench check-transport`: 0 when the transport keeps the contract, 1 when it does not. */
export async function checkTransport(spec: string): Promise<number> {
  const [row] = await resolveRows([{ spec, where: 'check-transport' }], 'server', registry);
  if (!row) throw new UsageError(`\`${spec}\` is no transport`);
  const transport = await loadTransport(row.module);
  if (!transport.server) throw new UsageError(`\`${spec}\` has no server half, which the contract suite needs`);
  console.log(`${transport.profile.title} (${row.transport})`);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const test of contractTests) {
    const outcome = await outcomeOf(test, transport, row.settings);
    counts[outcome.state]++;
    const mark = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' }[outcome.state];
    console.log(`  ${mark} ${test.title}${outcome.state === 'passed' ? '' : `\n       ${outcome.reason}`}`);
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 ? EXIT.ok : EXIT.checkFailed;
}

async function outcomeOf(test: ContractTest, transport: Transport, settings: Settings): Promise<Outcome> {
  const reason = test.skip?.(transport);
  if (reason !== undefined) return { state: 'skipped', reason };
  try {
    const bench = await openContractBench(transport, { ...test.options, settings });
    try {
      await test.run(bench);
    } finally {
      await bench.close();
    }
    return { state: 'passed' };
  } catch (error) {
    return { state: 'failed', reason: messageOf(error).split('\n').slice(0, 6).join('\n       ') };
  }
}
