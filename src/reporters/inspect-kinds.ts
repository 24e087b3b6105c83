import type { PartKind } from '../transports/inspection.js';
import type { Style } from './ansi.js';

/** In the order of the table of sums: how each kind of byte is called and painted. */
export const KINDS: readonly { readonly kind: PartKind; readonly title: string; readonly style: Style }[] = [
  { kind: 'payload', title: 'payload', style: 'green' },
  { kind: 'framing', title: 'framing', style: 'yellow' },
  { kind: 'headers', title: 'headers', style: 'cyan' },
  { kind: 'emptyPolls', title: 'empty polls', style: 'dim' },
  { kind: 'heartbeats', title: 'heartbeats', style: 'magenta' },
  { kind: 'flowControl', title: 'flow control', style: 'magenta' },
  { kind: 'unread', title: 'not understood', style: 'red' },
];

export function styleOf(kind: PartKind): Style {
  return KINDS.find((known) => known.kind === kind)?.style ?? 'plain';
}

/** The kind that most tells what a unit is for: its payload, or else what it has most of. */
export function mainKind(parts: readonly { readonly kind: PartKind; readonly bytes: number }[]): PartKind {
  if (parts.some(({ kind }) => kind === 'payload')) return 'payload';
  const sums = new Map<PartKind, number>();
  for (const { kind, bytes } of parts) sums.set(kind, (sums.get(kind) ?? 0) + bytes);
  return [...sums].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'unread';
}
