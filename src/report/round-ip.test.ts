import { describe, expect, it } from 'vitest';
import type { Mark } from '../protocol/messages.js';
import {
  IN_PROCESS,
  MACHINE,
  PROBE,
  PULL,
  PUSH,
  SERVER,
  serverOf,
  WINDOW,
  WORKLOAD,
  worker,
} from '../testing/measurement.js';
import { completedRound } from './round.js';
import { ipOf } from './round-ip.js';
import type { RoundMeasurement } from './round-measurement.js';
import { combineIp } from './row-ip.js';

/** Each phase has a count of its own, after 7 packets of an earlier run: 10, 20, 400, 30 and 4 packets of 100 B. */
const PACKETS: Readonly<Record<Mark, number>> = {
  started: 7,
  connected: 17,
  settled: 37,
  windowEnd: 437,
  drained: 467,
  closed: 471,
};

function counted(server: RoundMeasurement['server']): RoundMeasurement['server'] {
  const at = (mark: Mark) => ({
    ...server[mark],
    wire: { packets: PACKETS[mark], bytes: 100 * PACKETS[mark], retransmitted: mark === 'closed' ? 5 : 2 },
  });
  return {
    started: at('started'),
    connected: at('connected'),
    settled: at('settled'),
    windowEnd: at('windowEnd'),
    drained: at('drained'),
    closed: at('closed'),
  };
}

function measurement(changes: Partial<RoundMeasurement>): RoundMeasurement {
  return {
    round: 0,
    row: PUSH,
    workload: WORKLOAD,
    due: 400,
    clocksNest: true,
    warmupSettled: true,
    server: serverOf(PUSH),
    workers: [PROBE, worker('crowd')],
    stamps: null,
    machine: MACHINE,
    network: null,
    window: WINDOW,
    ...changes,
  };
}

describe('the IP layer, measured', () => {
  const push = measurement({ server: counted(serverOf(PUSH)) });

  it('belongs to the phase in which it crossed, and adds up', () => {
    const { ip } = ipOf(push, 4_000);
    const phase = (packets: number) => ({ packets, bytes: 100 * packets });
    expect(ip).toMatchObject({
      source: 'measured',
      packets: 464,
      bytes: 46_400,
      retransmitted: 3,
      phases: { open: phase(10), warmup: phase(20), window: phase(400), drain: phase(30), close: phase(4) },
    });
  });

  it('of a push is window and drain by the deliveries', () => {
    expect(ipOf(push, 4_000).ip?.perMessage).toEqual({ packets: 430 / 4_000, bytes: 43_000 / 4_000 });
  });

  it('of a pull is the window by the messages answered in it', () => {
    const pull = measurement({ row: PULL, server: counted(serverOf(PULL)) });
    expect(ipOf(pull, 4_000).ip?.perMessage).toEqual({ packets: 400 / 3_800, bytes: 40_000 / 3_800 });
  });

  it('has no figure per message where none was delivered, and says so', () => {
    const { ip, notMeasured } = ipOf(push, 0);
    expect(ip).toMatchObject({ packets: 464, perMessage: { packets: null, bytes: null } });
    expect(notMeasured).toEqual({ 'bytes.ip.perMessage': 'nothing was delivered in the window' });
  });
});

describe('the IP layer, not measured', () => {
  it('is modelled from the payload of window and drain, and named so', () => {
    // (1,100 − 300 + 160) up and (11,000 − 3,000 + 1,600) down, in 4,000 segments and as many acknowledgements.
    const { ip, notMeasured } = ipOf(measurement({}), 4_000);
    expect(ip).toMatchObject({
      source: 'modelled',
      packets: null,
      bytes: null,
      phases: null,
      perMessage: { packets: 2, bytes: (960 + 9_600) / 4_000 + 104 },
    });
    expect(notMeasured['bytes.ip']).toMatch(/--wire/);
  });

  it('of a pull counts its polls', () => {
    const { ip } = ipOf(measurement({ row: PULL, server: serverOf(PULL) }), 4_000);
    // 200 answers in 2 s for 10 clients: one every 100 ms, of which e^−0.4 come too late to acknowledge.
    const packets = 200 * (1 + 1 + Math.exp(-0.4));
    expect(ip?.perMessage.packets).toBeCloseTo(packets / 3_800, 10);
    expect(ip?.perMessage.bytes).toBeCloseTo((800 + 8_000 + 52 * packets) / 3_800, 10);
  });

  it('is null with a reason where the model does not reach', () => {
    const clients = ipOf(measurement({ workload: { ...WORKLOAD, publish: 'clients' } }), 4_000);
    expect(clients).toEqual({ ip: null, notMeasured: { 'bytes.ip': expect.stringMatching(/clients send/) } });
    const inProcess = measurement({ row: IN_PROCESS, server: counted(serverOf(PUSH)) });
    expect(ipOf(inProcess, 4_000)).toEqual({ ip: null, notMeasured: { 'bytes.ip': expect.stringMatching(/socket/) } });
    expect(ipOf(measurement({}), 0)).toMatchObject({ ip: null, notMeasured: { 'bytes.ip': expect.any(String) } });
  });
});

describe('the IP layer of a row', () => {
  const measured = completedRound(measurement({ server: counted(serverOf(PUSH)) }));
  const modelled = completedRound(measurement({ server: SERVER }));

  it('sums its rounds and weighs what a message cost by their deliveries', () => {
    const ip = measured.bytes.ip;
    if (!ip) throw new Error('not measured');
    const half = { ...measured, delivery: { ...measured.delivery, delivered: measured.delivery.delivered / 2 } };
    const dearer = { ...half, bytes: { ...half.bytes, ip: { ...ip, perMessage: { bytes: 400, packets: 4 } } } };
    const perMessage = (own: number | null, other: number) => ((own ?? 0) * 2 + other) / 3;
    expect(combineIp([measured, dearer])).toMatchObject({
      source: 'measured',
      packets: 928,
      retransmitted: 6,
      perMessage: { bytes: perMessage(ip.perMessage.bytes, 400), packets: perMessage(ip.perMessage.packets, 4) },
      phases: { window: { packets: 800, bytes: 80_000 } },
    });
  });

  it('is not made up of what was measured and what was modelled', () => {
    expect(combineIp([measured, modelled])).toBeNull();
    expect(combineIp([modelled, modelled])).toMatchObject({ source: 'modelled', packets: null, phases: null });
  });
});
