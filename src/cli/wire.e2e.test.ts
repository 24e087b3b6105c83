import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseReport } from '../report/report.js';
import type { CompletedRun } from '../report/schema.js';
import { Capture, type Packet } from '../testing/capture.js';
import { BUILT_CLI, withFolder } from '../testing/cli.js';
import { canMakeNamespaces, Namespace, runs } from '../testing/namespace.js';
import { OUTSIDE_VARIABLE } from './namespace.js';

const NAMESPACES = canMakeNamespaces();
const CAPTURES = NAMESPACES && runs('dumpcap', ['--version']) && runs('tshark', ['--version']);
if (!CAPTURES) {
  console.warn(
    'No comparison with a packet capture: it takes tshark, dumpcap, unshare, nsenter, ip and user namespaces.',
  );
}
const MSS = 1_448;
const ATTEMPTS = 3;

const QUICK = ['--wire', '--no-ui', '--rounds', '1', '--warmup', '100ms', '--duration', '600ms'];

/** The run in its namespace, and what a capture of the same loopback saw of it. */
async function captured(args: readonly string[]): Promise<{ run: CompletedRun; packets: readonly Packet[] }> {
  return withFolder(async (folder) => {
    const namespace = await Namespace.open();
    try {
      const capture = await Capture.start(namespace, folder);
      onTestFinished(() => capture.kill());
      const run = await runInside(namespace, args, join(folder, 'out'));
      return { run, packets: await capture.stop() };
    } finally {
      await namespace.close();
    }
  });
}

/** A run that was carried out twice left two in the capture: it is done again. */
async function capturedOnce(args: readonly string[]): ReturnType<typeof captured> {
  for (let attempt = 1; ; attempt++) {
    const { run, packets } = await captured(args);
    const twice = run.reasons.some((reason) => reason.startsWith('measured a second time'));
    if (!twice) return { run, packets };
    if (attempt === ATTEMPTS)
      throw new Error(`${ATTEMPTS} runs in a row were carried out twice: ${run.reasons.join('; ')}`);
  }
}

async function runInside(namespace: Namespace, args: readonly string[], out: string): Promise<CompletedRun> {
  const cli = namespace.spawn(process.execPath, [BUILT_CLI, 'run', ...QUICK, ...args, '--out', out], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, [OUTSIDE_VARIABLE]: 'of the test' },
  });
  await once(cli, 'exit');
  const file = join(out, 'result.json');
  const run = parseReport(readFileSync(file, 'utf8'), file).transports[0]?.rounds[0];
  if (run?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(run)}`);
  return run;
}

/** TCP payload by direction, what was sent again counted once, and the IP layer of it all. */
function totals(packets: readonly Packet[]) {
  // The probes have ports of their own.
  const server = new Set(packets.filter(({ opens }) => opens).map(({ to }) => to));
  const ends = { up: new Map<number, number>(), down: new Map<number, number>() };
  for (const { stream, to, sequence, payloadBytes } of packets) {
    if (payloadBytes === 0) continue;
    const end = server.has(to) ? ends.up : ends.down;
    // The first byte of payload has sequence number 1.
    end.set(stream, Math.max(end.get(stream) ?? 0, sequence + payloadBytes - 1));
  }
  const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0);
  return {
    up: sum(ends.up.values()),
    down: sum(ends.down.values()),
    ip: { bytes: sum(packets.map(({ ipBytes }) => ipBytes)), packets: packets.length },
  };
}

describe.skipIf(!CAPTURES)('the result agrees with a packet capture to the byte (tshark, unshare and nsenter)', () => {
  const transports = ['short-polling:intervalMs=100', 'long-polling', 'sse', 'websocket', 'grpc', 'tcp'];
  const workloads = {
    'small bodies': ['--clients', '5', '--probes', '2', '--rate', '40/s'],
    '64 KiB bodies': ['--clients', '2', '--probes', '1', '--rate', '20/s', '--size', '64KiB'],
  };
  const cases = transports.flatMap((transport) =>
    Object.entries(workloads).map(([name, workload]) => [transport, name, workload] as const),
  );
  test.each(cases)('%s, %s', async (transport, _name, workload) => {
    const only = transport === 'tcp' ? [] : ['--no-floor'];
    const { run, packets } = await capturedOnce(['-t', transport, ...only, ...workload]);
    const { up, down, ip } = run.bytes;
    expect(run.delivery).toMatchObject({ lost: 0, duplicated: 0 });
    expect({ up, down, ip: { bytes: ip?.bytes, packets: ip?.packets } }).toEqual(totals(packets));
    expect(ip?.source).toBe('measured');
    expect(ip?.packets).toBeGreaterThanOrEqual(Math.ceil(down / MSS));
    expect(Math.max(...packets.map(({ ipBytes }) => ipBytes))).toBeLessThanOrEqual(1_500);
  });
});
