import { processTree, treeCpuUs, treeMemoryBytes } from '../metrics/process-tree.js';
import { IDLE_CUT_MS } from '../network/middlebox/hostile-modes.js';
import { foreignMiddlebox, mendsFor } from '../network/middlebox/middleboxes.js';
import type { Endpoint, MiddleboxRef, Speech } from '../protocol/messages.js';
import type { ProxyMeasurement } from '../report/round-measurement.js';
import { type ProxyVia, spellVia } from '../scenario/via.js';
import type { BetweenProcesses } from './between.js';
import { type MiddleboxProcess, startMiddlebox } from './middlebox-process.js';

/** The proxy of one run, and what it costs. */
export class RunProxy implements BetweenProcesses {
  readonly #process: MiddleboxProcess;
  readonly #lines: readonly string[];
  #settledCpuUs: number | null = null;
  #windowCpuUs: number | null = null;
  #memoryBytes: number | null = null;

  /** Resolves when clients may connect. Rejects with nothing left open. */
  static async start(via: ProxyVia, servers: readonly Endpoint[], speech: Speech): Promise<RunProxy> {
    const { ref, lines } = middleboxFor(via, speech);
    return new RunProxy(await startMiddlebox(`proxy (${spellVia(via)})`, ref, servers), lines);
  }

  private constructor(process: MiddleboxProcess, lines: readonly string[]) {
    this.#process = process;
    this.#lines = lines;
  }

  get addresses(): readonly Endpoint[] {
    return this.#process.addresses;
  }

  get pids(): readonly number[] {
    return [...new Set(this.#process.pids.flatMap((pid) => processTree(pid)))];
  }

  get failure(): Promise<never> {
    return this.#process.failure;
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  windowBegins(): void {
    this.#settledCpuUs = treeCpuUs(this.#process.pid);
  }

  windowEnds(): void {
    const cpuUs = treeCpuUs(this.#process.pid);
    this.#windowCpuUs = cpuUs === null || this.#settledCpuUs === null ? null : cpuUs - this.#settledCpuUs;
    this.#memoryBytes = treeMemoryBytes(this.#process.pid);
  }

  read(): ProxyMeasurement {
    return { lines: this.#lines, windowCpuUs: this.#windowCpuUs, memoryBytes: this.#memoryBytes };
  }
}

/** What a middlebox process is to be for a server that speaks so, and the lines that its configuration has for that. */
export function middleboxFor(via: ProxyVia, speech: Speech): { ref: MiddleboxRef; lines: readonly string[] } {
  const { middlebox: name, configuration } = via;
  if (name === 'hostile') return { ref: { kind: 'hostile', mode: configuration, idleCutMs: IDLE_CUT_MS }, lines: [] };
  const mends = configuration === 'default' ? [] : mendsFor(foreignMiddlebox(name), speech);
  return {
    ref: { kind: 'foreign', name, mends: mends.map((mend) => mend.name) },
    lines: mends.flatMap(({ lines }) => lines.map(({ text, whole = text }) => whole)),
  };
}
