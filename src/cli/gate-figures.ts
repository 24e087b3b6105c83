import { UsageError } from '../errors.js';
import { treeCpuUs, treeMemoryBytes } from '../metrics/process-tree.js';
import type { GateFigure, GateFigureName } from '../report/gate/figures.js';
import type { TargetServer } from '../scenario/target.js';

/** Of a server from outside; `null`: it cannot be read. */
type Reader = (pid: number) => number | null;

const READERS: Partial<Readonly<Record<GateFigureName, Reader>>> = { cpu: treeCpuUs, memory: treeMemoryBytes };

export interface SideServer {
  readonly title: 'base' | 'head';
  readonly server: TargetServer | null;
}

export interface KnownFigures {
  readonly figures: readonly GateFigure[];
  /** What is left out, and why; `null`: nothing is. */
  readonly note: string | null;
}

/**
 * Figures that can be had of both servers: what a server costs is read from its process, where one is known and the system
 * tells.
 *
 * @param isAsked whether somebody chose them; who has not can do without
 * @throws UsageError where somebody did and one of them cannot be had.
 */
export function knownFigures(
  figures: readonly GateFigure[],
  isAsked: boolean,
  sides: readonly SideServer[],
  readers = READERS,
): KnownFigures {
  const unknown = figures.flatMap(({ name }) => {
    const reader = readers[name];
    const reasons = reader === undefined ? [] : sides.map((side) => unreadable(side, reader));
    const reason = reasons.find((each) => each !== null);
    return reason ? [{ name, reason }] : [];
  });
  if (unknown.length === 0) return { figures, note: null };
  const names = unknown.map(({ name }) => name);
  const reasons = [...new Set(unknown.map(({ reason }) => reason))].join('; ');
  if (isAsked) throw new UsageError(`--figures: ${names.join(', ')} ${reasons}`);
  return {
    figures: figures.filter(({ name }) => !names.includes(name)),
    note: `left out: ${names.join(', ')} ${reasons}`,
  };
}

/** Why it is not known of a side; `null`: it is. */
function unreadable({ title, server }: SideServer, reader: Reader): string | null {
  if (server === null) return `of ${title} takes --${title}-pid`;
  if (server.kind === 'pid') {
    const { pid } = server;
    return reader(pid) === null
      ? `of ${title} cannot be read: process ${pid} is not there, belongs to another user, or the system does not tell`
      : null;
  }
  // One that is started is a process of this user, as this one is.
  return reader(process.pid) === null ? 'of a server cannot be read: that takes Linux and its /proc' : null;
}
