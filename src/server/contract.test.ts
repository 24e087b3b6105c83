import { describe, test } from 'vitest';
import { builtInTransports, loadTransport } from '../transports/index.js';
import { contractTests } from '../transports/testing/contract.js';
import { openContractBench } from './contract-bench.js';

for (const { name, module } of builtInTransports) {
  const transport = await loadTransport(module);
  // What waits for an interval need not wait half a second for each of many messages.
  const settings = transport.settings.intervalMs ? { intervalMs: 50 } : {};
  describe(name, () => {
    for (const contractTest of contractTests) {
      const reason = contractTest.skip?.(transport);
      test.skipIf(reason !== undefined)(contractTest.title, async () => {
        const bench = await openContractBench(transport, { ...contractTest.options, settings });
        try {
          await contractTest.run(bench);
        } finally {
          await bench.close();
        }
      });
    }
  });
}
