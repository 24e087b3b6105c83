import { describe, test } from 'vitest';
import { builtInTransports, loadTransport } from '../transports/index.js';
import { contractTests } from '../transports/testing/contract.js';
import type { Settings, Transport } from '../transports/transport.js';
import { makeCertificate } from './certificate.js';
import { openContractBench } from './contract-bench.js';

const identity = await makeCertificate(['127.0.0.1']);

for (const { name, module } of builtInTransports) {
  const transport = await loadTransport(module);
  for (const settings of variantsOf(transport)) {
    const variant = [name, ...(settings.http === undefined ? [] : [`http=${settings.http}`])].join(' ');
    describe(variant, () => runContract(transport, settings, null));
    describe(`${variant} over TLS`, () => runContract(transport, settings, identity));
  }
}

function variantsOf({ settings }: Transport): readonly Settings[] {
  // What waits for an interval need not wait half a second for each of many messages.
  const base = settings.intervalMs ? { intervalMs: 50 } : {};
  const { http } = settings;
  return http?.kind === 'choice' ? http.choices.map((choice) => ({ ...base, http: choice })) : [base];
}

function runContract(transport: Transport, settings: Settings, tls: typeof identity | null): void {
  for (const contractTest of contractTests) {
    const reason = contractTest.skip?.(transport);
    test.skipIf(reason !== undefined)(contractTest.title, async () => {
      const bench = await openContractBench(transport, { ...contractTest.options, settings }, tls);
      try {
        await contractTest.run(bench);
      } finally {
        await bench.close();
      }
    });
  }
}
