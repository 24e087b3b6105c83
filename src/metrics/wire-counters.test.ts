import { expect, it } from 'vitest';
import { readWireCounters } from './wire-counters.js';

const DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
  eth0: 9999999    8888    0    0    0     0          0         0  7777777    6666    0    0    0     0       0          0
    lo:  108248    1054    0    0    0     0          0         0   108248    1054    0    0    0     0       0          0
`;
const SNMP = `Ip: Forwarding DefaultTTL
Ip: 2 64
Tcp: RtoAlgorithm ActiveOpens OutSegs RetransSegs InErrs
Tcp: 1 12 5210 3 0
Udp: InDatagrams
Udp: 0
`;

function read(files: Readonly<Record<string, string>>) {
  return readWireCounters((path) => files[path] ?? '');
}

it('counts what the loopback interface received, which is what was sent on it', () => {
  expect(read({ '/proc/net/dev': DEV, '/proc/net/snmp': SNMP })).toEqual({
    packets: 1_054,
    bytes: 108_248,
    retransmitted: 3,
  });
});

it('has no counters to make up where the system gives none', () => {
  expect(() => read({ '/proc/net/snmp': SNMP })).toThrow(/\/proc\/net\/dev/);
  expect(() => read({ '/proc/net/dev': DEV })).toThrow(/RetransSegs/);
});

it.runIf(process.platform === 'linux')('reads them from this machine', () => {
  const { packets, bytes, retransmitted } = readWireCounters();
  expect(packets).toBeGreaterThanOrEqual(0);
  // No IP packet is shorter than its header.
  expect(bytes).toBeGreaterThanOrEqual(20 * packets);
  expect(retransmitted).toBeGreaterThanOrEqual(0);
});
