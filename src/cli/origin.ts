import { deflateRatio } from '../load/compressibility.js';
import { readEnvironment } from '../report/environment.js';
import type { Scenario } from '../scenario/scenario.js';
import { makeCertificate, type ServerIdentity } from '../server/certificate.js';
import { readTlsFacts } from '../server/tls-facts.js';
import { pinningPlan } from '../suite/pinning.js';
import { commandLine } from './command-line.js';
import { readTool } from './version.js';

/** What a document says of how it came about, known before anything is measured; and what servers prove their name with. */
export async function originOf(
  scenario: Scenario,
  {
    addresses,
    pin,
    args,
  }: { readonly addresses: readonly string[]; readonly pin: boolean; readonly args: readonly string[] },
) {
  const identity: ServerIdentity | null = scenario.tls ? await makeCertificate([...new Set(addresses)]) : null;
  return {
    identity,
    known: {
      tool: readTool(),
      startedAt: new Date(),
      command: commandLine(args),
      scenario,
      environment: readEnvironment({
        pinning: pin ? { ...pinningPlan() } : null,
        deflateRatio: deflateRatio(scenario.seed, scenario.workload),
        tls: identity && (await readTlsFacts(identity)),
      }),
    },
  };
}
