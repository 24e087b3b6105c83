import type { IdleReport, IdleRow } from '../report/idle-schema.js';
import { between, plainFigure } from '../report/wording.js';
import { formatBytes, formatDurationMs } from '../units.js';
import { NO_FIGURE } from './columns.js';

/** A space at which no line may end; renderers print a plain one. */
export const UNBROKEN = '\u00a0';

/** Later than promised by so much counts as late: the promise leaves network and queues aside. */
const SLACK = { share: 0.1, ms: 50 };

/** A table of the idle report, for a terminal and for Markdown alike. */
export interface IdleTable {
  readonly title: string;
  /** The first column has the names. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function idleTables(report: IdleReport): readonly IdleTable[] {
  return [costTable(report), noticeTable(report), survivalTable(report)].filter(({ rows }) => rows.length > 0);
}

function costTable({ transports, scaledToMs }: IdleReport): IdleTable {
  return {
    title: 'What an idle client moves',
    header: [
      'technique',
      'what crosses',
      'every',
      'B/min up',
      'B/min down',
      `every ${at(scaledToMs)}: B/min`,
      'with IP and TCP',
    ],
    rows: transports.map((row) => {
      const { heartbeat, bytes, scaled } = row;
      const [name, every] = leadOf(row);
      return [
        name,
        heartbeat.means ?? 'nothing',
        every,
        bytes ? plainFigure(Math.round(bytes.perMinute.up)) : NO_FIGURE,
        bytes ? plainFigure(Math.round(bytes.perMinute.down)) : NO_FIGURE,
        scaled ? plainFigure(Math.round(scaled.perMinute.up + scaled.perMinute.down)) : NO_FIGURE,
        scaled ? plainFigure(Math.round(scaled.ipPerMinute)) : NO_FIGURE,
      ];
    }),
  };
}

function noticeTable({ transports, scaledToMs, watchMs }: IdleReport): IdleTable {
  return {
    title: 'How long until each side notices that the other is gone without a word (promised)',
    header: [
      'technique',
      'every',
      'client',
      'server',
      `client, every ${at(scaledToMs)}`,
      `server, every ${at(scaledToMs)}`,
    ],
    rows: transports.flatMap((row) => {
      const { notice, scaled } = row;
      if (!notice) return [];
      return [
        [
          ...leadOf(row),
          noticedCell(notice.client, notice.clients, watchMs),
          noticedCell(notice.server, notice.clients, watchMs),
          scaled ? promisedCell(scaled.clientNoticesMs) : NO_FIGURE,
          scaled ? promisedCell(scaled.serverNoticesMs) : NO_FIGURE,
        ],
      ];
    }),
  };
}

function noticedCell(
  { noticed, ms, promisedMs }: NonNullable<IdleRow['notice']>['client'],
  clients: number,
  watchMs: number,
): string {
  const promised = promisedMs === null ? '' : ` (≤${UNBROKEN}${at(promisedMs)})`;
  if (ms === null) return `${promisedMs === null ? 'never' : 'not'} within ${at(watchMs)}${promised}`;
  const some = noticed < clients ? `, ${noticed} of ${clients}` : '';
  const late = promisedMs !== null && ms.max > promisedMs * (1 + SLACK.share) + SLACK.ms ? ', late' : '';
  return `${between(at(ms.min), at(ms.max))}${promised}${late}${some}`;
}

function promisedCell(ms: number | null): string {
  return ms === null ? 'never' : `≤${UNBROKEN}${at(ms)}`;
}

function survivalTable({ transports }: IdleReport): IdleTable {
  const timeouts = [...new Set(transports.flatMap(({ survival }) => survival.map(({ timeoutMs }) => timeoutMs)))];
  return {
    title: 'Whether a connection outlives a box on the way that resets idle ones',
    header: ['technique', 'every', ...timeouts.map((timeoutMs) => `idle for ${at(timeoutMs)}`)],
    rows: transports
      .filter(({ survival }) => survival.length > 0)
      .map((row) => [
        ...leadOf(row),
        ...timeouts.map((timeoutMs) => survivalCell(row.survival.find((one) => one.timeoutMs === timeoutMs))),
      ]),
  };
}

function survivalCell(one: IdleRow['survival'][number] | undefined): string {
  if (!one) return NO_FIGURE;
  const { clients, survived, theory } = one;
  const outcome = survived === clients ? 'lives' : survived === 0 ? 'cut' : `${survived} of ${clients} live`;
  return survived === (theory === 'all' ? clients : 0) ? outcome : `${outcome} (!)`;
}

/** What holds for single rows, the label first. */
export function idleNotes({ transports }: IdleReport): string[] {
  return transports.flatMap(({ label, reason, bytes, notMeasured }) => {
    if (reason !== null) return [`${label}: failed: ${reason}.`];
    const notes = bytes === null && notMeasured.bytes ? [`${label}: bytes not measured: ${notMeasured.bytes}.`] : [];
    if (notMeasured.notice) notes.push(`${label}: time to notice not measured: ${notMeasured.notice}.`);
    const theory = bytes?.theory;
    if (bytes && theory && (theory.up !== bytes.up || theory.down !== bytes.down)) {
      const { up, down } = bytes;
      notes.push(
        `${label}: ${formatBytes(up)} up and ${formatBytes(down)} down in ${at(bytes.overMs)}; by the protocol ` +
          `${formatBytes(theory.up)} and ${formatBytes(theory.down)}.`,
      );
    }
    return notes;
  });
}

export function idleLegend({ intervalMs, scaledToMs, watchMs, auth }: IdleReport): string[] {
  return [
    `Each technique twice: with a heartbeat every ${at(intervalMs)}, and as its settings are. TCP payload, counted at the server, of one client.`,
    `The columns for every ${at(scaledToMs)} are computed, not measured: bytes in proportion, times as the settings promise. Headers of IP and TCP are modelled.`,
    'Gone without a word: a relay loses everything from one moment on, and both sides stay connected to it. Its kernel still acknowledges; on a real way TCP itself gives up what is not acknowledged, on Linux after about 15 minutes (tcp_retries2), but only where there is something to send.',
    `Never: nothing in its settings makes it look; it was watched for ${at(watchMs)}. (!): not as heartbeat and timeout let expect.`,
    ...(auth === null
      ? []
      : [
          `Clients show a token (${auth}, or as they can): a poll each time, in its bytes; the others once, before what is looked at here.`,
        ]),
    'All of it in one process on loopback, and without load.',
  ];
}

/** The first two cells of a row: who it is, and how often something crosses. */
function leadOf({ label, heartbeat }: IdleRow): [name: string, every: string] {
  const name = heartbeat.by === 'settings' ? `${label}, as set` : label;
  return [name, heartbeat.everyMs === null ? NO_FIGURE : at(heartbeat.everyMs)];
}

function at(ms: number): string {
  return formatDurationMs(Math.round(ms)).replaceAll(' ', UNBROKEN);
}
