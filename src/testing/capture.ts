import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Namespace } from './namespace.js';

/** One TCP packet as tshark reads it. */
export interface Packet {
  readonly stream: number;
  readonly from: number;
  readonly to: number;
  /** Of the whole IP packet, header included. */
  readonly ipBytes: number;
  /** Relative to the connection's first, which belongs to the SYN. */
  readonly sequence: number;
  readonly payloadBytes: number;
  /** The first packet of a connection. */
  readonly opens: boolean;
}

const LAST = 'the last packet of this capture';
const FIELDS = ['tcp.stream', 'tcp.srcport', 'tcp.dstport', 'ip.len', 'tcp.seq', 'tcp.len', 'tcp.flags'];

/** A packet capture of a namespace's loopback, by dumpcap. */
export class Capture {
  readonly #namespace: Namespace;
  readonly #dumpcap: ChildProcess;
  readonly #file: string;

  private constructor(namespace: Namespace, dumpcap: ChildProcess, file: string) {
    this.#namespace = namespace;
    this.#dumpcap = dumpcap;
    this.#file = file;
  }

  /** Resolves when it captures. */
  static async start(namespace: Namespace, folder: string): Promise<Capture> {
    const file = join(folder, 'capture.pcap');
    // Room for what is sent in one go (MiB), and no more of a packet than its headers; ends by itself if all else fails.
    const args = ['-q', '-i', 'lo', '-w', file, '-B', '64', '-s', '160', '-a', 'duration:100', '-a', 'filesize:65536'];
    const dumpcap = namespace.spawn('dumpcap', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      dumpcap.stderr?.on('data', (chunk) => {
        printed += chunk;
        if (/^File: /m.test(printed)) resolve();
      });
      dumpcap.once('exit', () => reject(new Error(`dumpcap has ended: ${printed}`)));
    });
    return new Capture(namespace, dumpcap, file);
  }

  /** Ends the capture, which then holds everything that was sent before. */
  async stop(): Promise<Packet[]> {
    const send = `require('node:dgram').createSocket('udp4').send('${LAST}', 9, '127.0.0.1', function () { this.close() })`;
    await once(this.#namespace.spawn(process.execPath, ['-e', send], { stdio: 'ignore' }), 'exit');
    while (!(await readFile(this.#file)).includes(LAST)) await delay(20);
    const gone = once(this.#dumpcap, 'exit');
    this.#dumpcap.kill('SIGINT');
    await gone;
    return readPackets(this.#file);
  }

  kill(): void {
    this.#dumpcap.kill('SIGKILL');
  }
}

async function readPackets(file: string): Promise<Packet[]> {
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const { stdout } = await promisify(execFile)('tshark', ['-n', '-r', file, '-Y', 'tcp', '-T', 'fields', ...fields], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [stream = 0, from = 0, to = 0, ipBytes = 0, sequence = 0, payloadBytes = 0, flags = 0] = line
        .split('\t')
        .map(Number);
      return { stream, from, to, ipBytes, sequence, payloadBytes, opens: (flags & 0x12) === 0x02 };
    });
}
