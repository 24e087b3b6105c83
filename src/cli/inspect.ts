import { quoted } from '../dashboard/shell-words.js';
import { EXIT, messageOf } from '../errors.js';
import { buildInspection } from '../report/inspection/build.js';
import type { Inspection } from '../report/inspection/inspection.js';
import { pcapngOf } from '../report/inspection/pcapng.js';
import { renderInspection } from '../reporters/inspect-text.js';
import { record } from '../suite/inspect/record.js';
import type { RecordedConnection } from '../suite/inspect/tap.js';
import { PREFACE } from '../transports/http/decode-http2-frames.js';
import type { Direction, Streams } from '../transports/inspection.js';
import { shorten, visible } from '../transports/inspection-draft.js';
import { commandLine } from './command-line.js';
import { type InspectFlags, planInspection } from './inspect-plan.js';
import { openInterrupt } from './interrupt.js';
import { deliver, spell } from './output.js';
import { readTool } from './version.js';

const DEFAULT_WIDTH = 80;
const MAX_REASON_CHARACTERS = 300;

/** `rtbench inspect`: 0 when every byte is accounted for, 1 when not, 3 when the exchange does not come about. */
export async function inspect(spec: string, flags: InspectFlags, args: readonly string[]): Promise<number> {
  const { row, inspector, pattern, script, url } = await planInspection(spec, flags);
  const toStdout = flags.json === '-' || flags.pcap === '-';
  const screen = toStdout ? process.stderr : process.stdout;
  const startedAt = new Date().toISOString();
  const interrupt = openInterrupt();
  const { signal } = interrupt;
  try {
    const recorded = await record({ transport: row, worstWaitMs: row.worstWaitMs, pattern, script, url, signal });
    const inspection = buildInspection({
      tool: readTool(),
      startedAt,
      command: commandLine(args),
      transport: row.transport,
      label: row.label,
      settings: row.settings,
      pattern: pattern && { name: flags.pattern ?? '', summary: pattern.summary },
      url,
      connections: recorded.connections.map((connection) => ({
        ...connection,
        units: inspector.decode(streamsOf(connection), row.settings),
      })),
      server: recorded.server,
      problem: recorded.failure === null ? recorded.problem : `the exchange broke off: ${said(recorded.failure)}`,
    });
    await deliver(flags.json, spell(inspection));
    if (flags.pcap !== undefined) await deliver(flags.pcap, pcapngOf({ ...inspection, ...recorded }));
    screen.write(renderInspection(inspection, looks(screen, flags)));
    if (flags.pcap !== undefined && flags.pcap !== '-') screen.write(wiresharkHint(inspection, flags.pcap));
    if (recorded.failure === null) return codeOf(inspection);
    console.error(`rtbench: the exchange with ${url} broke off: ${said(recorded.failure)}`);
    return EXIT.runFailed;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    const whom = url ?? 'the reference server';
    console.error(`rtbench: the exchange with ${whom} did not come about: ${said(messageOf(error))}`);
    return EXIT.runFailed;
  } finally {
    interrupt.close();
  }
}

/** What another server says may be long, and may not steer a terminal. */
function said(text: string): string {
  return shorten(visible(text.replaceAll(/\s+/g, ' ').trim()), MAX_REASON_CHARACTERS);
}

function streamsOf({ chunks }: RecordedConnection): Streams {
  const bytes = (direction: Direction) =>
    Buffer.concat(chunks.filter((chunk) => chunk.direction === direction).map((chunk) => chunk.bytes));
  return { up: bytes('up'), down: bytes('down') };
}

/** How Wireshark reads it: HTTP/2 on a port that is not its own it has to be told. */
function wiresharkHint({ connections: [connection], events: [first] }: Inspection, file: string): string {
  const isHttp2 = first?.parts[0] !== undefined && Buffer.from(first.parts[0].hex, 'hex').equals(PREFACE);
  const told = isHttp2 ? `-d tcp.port==${connection?.ports.server},http2 ` : '';
  return `\nFor Wireshark: wireshark ${told}${quoted(file)}\n`;
}

function looks(screen: NodeJS.WriteStream, { raw = false }: InspectFlags) {
  const color = screen.isTTY === true && !process.env.NO_COLOR;
  return { width: screen.columns ?? DEFAULT_WIDTH, color, raw };
}

function codeOf({ count, events }: Inspection): number {
  const unread = events.some(({ parts }) => parts.some(({ kind }) => kind === 'unread'));
  return count.problems.length === 0 && !unread ? EXIT.ok : EXIT.checkFailed;
}
