import { readFileSync } from 'node:fs';

/**
 * Memory that the whole machine's kernel holds in structures that it cannot give back on demand, bytes: sockets, their
 * files and inodes among them, of all processes. Null where the system does not tell. Source: `SUnreclaim` of
 * `/proc/meminfo`; the finer `/proc/slabinfo` is for root alone.
 */
export function sampleKernelBytes(
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): number | null {
  try {
    const kib = /^SUnreclaim: +(\d+) kB$/m.exec(read('/proc/meminfo'))?.[1];
    return kib === undefined ? null : Number(kib) * 1_024;
  } catch {
    return null;
  }
}
