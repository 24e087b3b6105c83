import { messageOf } from '../../errors.js';
import { waitsOf } from '../../scenario/rows.js';
import type { Row } from '../../scenario/scenario.js';
import { loadTransport } from '../../transports/index.js';
import type { FlowControl, Prediction, Theory, Traffic } from '../../transports/theory.js';
import type { Transport } from '../../transports/transport.js';
import { Exchange } from '../exchange.js';
import { type Check, check, type Section } from './check.js';

/** Around the lengths at which a WebSocket frame grows, and beyond an HTTP/2 frame. */
const SIZES_BYTES = [0, 20, 100, 125, 126, 1_000, 65_535, 65_536] as const;
/** Messages of each size, in lock-step. */
const REPEATS = 3;

/** Every figure of a row's exchange against its transport's theory; no checks where it has none. */
export async function bytesSection(row: Row): Promise<Section> {
  const transport = await loadTransport(row.module);
  const theory = await transport.theory?.();
  const section = { kind: 'bytes', title: `Bytes of ${row.label}` } as const;
  if (!theory) return { ...section, about: 'no theory: only delivery is checked', checks: [] };
  const brisk = Object.entries(theory.brisk(row.settings)).map(([key, value]) => `, ${key}=${value}`);
  return {
    ...section,
    about: `TCP payload in bytes, as the server counted it${brisk.join('')}; tolerance 0`,
    checks: await byteChecks(row, transport, theory),
  };
}

async function byteChecks(row: Row, transport: Transport, theory: Theory): Promise<readonly Check[]> {
  const settings = { ...row.settings, ...theory.brisk(row.settings) };
  const bench = { row: { ...row, settings, ...waitsOf(transport, settings) }, theory };
  const checks = [...(await openingChecks(bench))];
  for (const sizeBytes of SIZES_BYTES) checks.push(...(await sizeChecks(bench, sizeBytes)));
  if (theory.heartbeat) {
    const beating = { ...bench.row, settings: { ...settings, ...theory.heartbeat } };
    checks.push(...(await heartbeatChecks({ row: beating, theory })));
  }
  return checks;
}

interface Bench {
  readonly row: Row;
  readonly theory: Theory;
}

/** Connecting, and of a pull a poll that finds nothing. */
function openingChecks(bench: Bench): Promise<readonly Check[]> {
  return inExchange(bench, 'opening', async (exchange, { opening, emptyPoll }) => {
    const checks = bothWays(bench, 'opening', opening, exchange.opening);
    if (bench.row.profile.delivery !== 'pull') return checks;
    return [...checks, ...bothWays(bench, 'empty poll', emptyPoll, await exchange.emptyPoll())];
  });
}

function heartbeatChecks(bench: Bench): Promise<readonly Check[]> {
  return inExchange(bench, 'heartbeat', async (exchange, { heartbeat }) =>
    bothWays(bench, 'heartbeat', heartbeat, await exchange.heartbeat((heartbeat?.up ?? 0) > 0)),
  );
}

/** Messages of one size, down and up, on a connection of their own. */
function sizeChecks(bench: Bench, sizeBytes: number): Promise<readonly Check[]> {
  const size = `${sizeBytes.toLocaleString('en-US')} B`;
  return inExchange(bench, `message ${size}`, async (exchange, prediction) => {
    const body = Buffer.alloc(sizeBytes, 'x');
    const { flowControl } = prediction;
    const checks: Check[][] = [];
    for (let i = 0; i < REPEATS; i++) {
      const flow = { flowControl, direction: 'up', receivedBytes: exchange.total.down + sizeBytes } as const;
      const message = await exchange.message(body);
      checks.push(bothWays(bench, `message ${size}`, prediction.message(sizeBytes), message, flow));
    }
    const messages = worst(checks);
    if (bench.row.profile.uplink === 'none') return messages;
    checks.length = 0;
    for (let i = 0; i < REPEATS; i++) {
      const flow = { flowControl, direction: 'down', receivedBytes: exchange.total.up + sizeBytes } as const;
      const publish = await exchange.publish(body);
      checks.push(bothWays(bench, `publish ${size}`, prediction.publish(sizeBytes), publish, flow));
    }
    return [...messages, ...worst(checks)];
  });
}

async function inExchange(
  { row, theory }: Bench,
  name: string,
  look: (exchange: Exchange, prediction: Prediction) => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    const exchange = await Exchange.open({ transport: row, payload: 'text', worstWaitMs: row.worstWaitMs });
    try {
      return await look(exchange, theory.predict(exchange.circumstances));
    } finally {
      await exchange.close();
    }
  } catch (error) {
    return [check({ subject: row.label, name, unit: 'B', theory: null, measured: null, note: messageOf(error) })];
  }
}

/** The first repeat that differs from theory; where all are alike, the first. */
function worst(repeats: readonly (readonly Check[])[]): readonly Check[] {
  return repeats.find((checks) => checks.some(({ state }) => state === 'failed')) ?? repeats[0] ?? [];
}

interface Flow {
  readonly flowControl: FlowControl | null;
  /** Of the frames that receiving sets off. */
  readonly direction: 'up' | 'down';
  readonly receivedBytes: number;
}

function bothWays({ row }: Bench, name: string, theory: Traffic | null, measured: Traffic, flow?: Flow): Check[] {
  return (['down', 'up'] as const).map((direction) => {
    const predicted = theory?.[direction] ?? null;
    const frames =
      flow?.direction === direction && predicted !== null ? framesIn(flow, measured[direction] - predicted) : 0;
    const leftOut = frames * (flow?.flowControl?.frameBytes ?? 0);
    return check({
      subject: row.label,
      name,
      direction,
      unit: 'B',
      theory: predicted,
      measured: measured[direction] - leftOut,
      note: leftOut > 0 ? `left out for flow control: ${frames} ${flow?.flowControl?.frame}, ${leftOut} B` : null,
    });
  });
}

/** Whole frames of flow control among bytes that theory has no other place for. */
function framesIn({ flowControl, receivedBytes }: Flow, excessBytes: number): number {
  if (!flowControl || excessBytes <= 0) return 0;
  const frames = Math.floor(excessBytes / flowControl.frameBytes);
  return Math.min(frames, flowControl.maxFrames(receivedBytes));
}
