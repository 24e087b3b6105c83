import { readFileSync } from 'node:fs';

/** What has crossed the loopback interface of this process's network namespace since the namespace was made. */
export interface WireCounters {
  /** IP packets, each once, whoever sent it. */
  readonly packets: number;
  /** Of whole IP packets, their headers included. The kernel counts loopback without a link header. */
  readonly bytes: number;
  /** TCP segments that were sent again. */
  readonly retransmitted: number;
}

/**
 * Reads the kernel's counters, all in one go and without waiting.
 * @throws Error where there is no /proc/net (not Linux) or no loopback interface in it.
 */
export function readWireCounters(readText = (path: string) => readFileSync(path, 'utf8')): WireCounters {
  // Not /sys/class/net: it shows the namespace in which it was mounted, not the one of who reads it.
  const [, interfaces = ''] = /^\s*lo:(.*)$/m.exec(readText('/proc/net/dev')) ?? [];
  const [bytes, packets] = interfaces.trim().split(/\s+/).map(Number);
  if (bytes === undefined || packets === undefined || Number.isNaN(bytes + packets)) {
    throw new Error('/proc/net/dev: has no counters of the loopback interface `lo`');
  }
  return { packets, bytes, retransmitted: retransmittedSegments(readText('/proc/net/snmp')) };
}

/** `Tcp:` names its fields in one line and their values in the next. */
function retransmittedSegments(text: string): number {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '));
  const value = Number(values[names.indexOf('RetransSegs')]);
  if (Number.isNaN(value)) throw new Error('/proc/net/snmp: has no `RetransSegs` of TCP');
  return value;
}
