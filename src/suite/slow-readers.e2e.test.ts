import { describe, expect, test } from 'vitest';
import type { WhenFull } from '../scenario/when-full.js';
import { conducted } from '../testing/conducted.js';

/** 12.8 MB to each client, more than the kernel takes of a reader that has stopped. */
const LOAD = { clients: 8, ratePerSecond: 80, sizeBytes: 64_000, warmupMs: 200, durationMs: 2_500 };
const STOPPED = { probes: 2, slowReaders: { share: 0.25, bytesPerSecond: 0 } };
const BUFFER_BYTES = 262_144;

function withStoppedReaders(spec: string, whenFull: WhenFull) {
  return conducted(spec, LOAD, async () => {}, { ...STOPPED, whenFull });
}

// What a busy machine does to latency makes a run invalid or suspect; what is counted holds all the same.
describe.runIf(process.platform === 'linux')('two of eight clients stop reading', () => {
  test('wait: the server holds its bound for each, and they get everything afterwards', async () => {
    const run = await withStoppedReaders('tcp', { policy: 'wait', bufferBytes: BUFFER_BYTES });
    expect(run.delivery).toMatchObject({ expected: 1_200, lost: 0 });
    expect(run.slowReaders).toMatchObject({
      clients: 2,
      delivery: { expected: 400, delivered: 400, missed: 0, duplicated: 0, reordered: 0 },
      dropped: 0,
      disconnected: 0,
      gaps: 0,
      full: { peak: 2 },
    });
    const peak = run.slowReaders?.waitingBytes.peak ?? 0;
    expect(peak).toBeGreaterThan(BUFFER_BYTES);
    expect(peak).toBeLessThanOrEqual(2 * (BUFFER_BYTES + 64_100));
    expect(run.slowReaders?.onTheWayBytes).toBeGreaterThan(1_000_000);
    // Those that read did not wait for them.
    expect(run.slowReaders?.latencyUs.max).toBeGreaterThan(500_000);
  });

  test('drop-oldest: they miss what was dropped, to the message', async () => {
    const run = await withStoppedReaders('websocket', {
      policy: 'drop-oldest',
      keepMessages: 10,
      bufferBytes: BUFFER_BYTES,
    });
    expect(run.delivery.lost).toBe(0);
    const { delivery, dropped } = run.slowReaders ?? {};
    expect(dropped).toBeGreaterThan(0);
    expect(delivery?.missed).toBe(dropped);
  });

  test('disconnect: they are told why', async () => {
    const run = await withStoppedReaders('websocket', {
      policy: 'disconnect',
      afterMs: 60_000,
      behindMessages: 20,
      bufferBytes: BUFFER_BYTES,
    });
    expect(run.delivery.lost).toBe(0);
    expect(run.slowReaders).toMatchObject({ disconnected: 2, connectionsLost: 2 });
    // Whoever reads again within a second hears it; the others are cut in the middle of a frame.
    const codes = Object.keys(run.slowReaders?.closeCodes ?? {});
    expect(codes.filter((code) => !/^(1013|1006)$/.test(code))).toEqual([]);
    expect(run.slowReaders?.delivery.missed).toBeGreaterThan(0);
    expect(run.bytes.perMessage.down).toBeNull();
  });

  test('a poll that nobody reads holds nothing in the server but its answer', async () => {
    const run = await withStoppedReaders('long-polling', { policy: 'wait', bufferBytes: BUFFER_BYTES });
    expect(run.delivery.lost).toBe(0);
    expect(run.slowReaders?.delivery).toMatchObject({ expected: 400, missed: 0 });
    expect(run.notMeasured['slowReaders.waitingBytes']).toMatch(/nothing waiting/);
  });
});
