import { messageOf, UsageError } from '../errors.js';
import type { GateSide } from '../report/gate/schema.js';
import type { Row } from '../scenario/scenario.js';
import type { Target } from '../scenario/target.js';
import { PairFailed } from '../suite/gate/pairs.js';
import { openSubstitutes, type PackageWish, type Substitutes } from '../suite/gate/substitutes.js';

/** Base or head, as it is measured and as it is told of. */
export interface Side {
  readonly row: Row;
  /** A server that is not rtbench's own; `null`: the one that ships. */
  readonly target: Target | null;
  readonly side: GateSide;
}

export interface Sides {
  readonly base: Side;
  readonly head: Side;
  close(): Promise<void>;
}

/** Gets both sides ready, and says what it is doing. Leaves nothing behind where it rejects. */
export type OpenSides = (care: {
  readonly signal: AbortSignal;
  readonly show: (step: string) => void;
}) => Promise<Sides>;

/** Closes all of them, and then rejects with what went wrong. */
export async function closeAll(opened: readonly { close(): Promise<void> }[]): Promise<void> {
  const closed = await Promise.allSettled(opened.map((each) => each.close()));
  const reasons = closed.flatMap((each) => (each.status === 'rejected' ? [messageOf(each.reason)] : []));
  if (reasons.length > 0) throw new Error(reasons.join('; '));
}

/**
 * Gets both sides ready: each with its packages, loaded in the same way. The clients of both are the same.
 *
 * @throws UsageError where a package cannot be had, or the server half does not use it, PairFailed where the server does
 * not start with it.
 */
export async function openSides(
  wishes: { readonly base: readonly PackageWish[]; readonly head: readonly PackageWish[] },
  row: Row,
): Promise<Sides> {
  const names = [...new Set([...wishes.base, ...wishes.head].map(({ name }) => name))];
  const base = await openSubstitutes(wishes.base, names);
  try {
    const head = await openSubstitutes(wishes.head, names);
    const close = () => closeAll([base, head]);
    try {
      await prove('base', base, row);
      await prove('head', head, row);
    } catch (error) {
      await head.close().catch(() => {});
      throw error;
    }
    return { base: sideOf('base', row, base), head: sideOf('head', row, head), close };
  } catch (error) {
    await base.close().catch(() => {});
    throw error;
  }
}

async function prove(side: 'base' | 'head', packages: Substitutes, row: Row): Promise<void> {
  try {
    await packages.prove(row.module);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new PairFailed(`${side} failed: ${messageOf(error)}`);
  }
}

function sideOf(title: 'base' | 'head', row: Row, { nodeFlags, versions }: Substitutes): Side {
  return {
    row: { ...row, label: `${row.label} (${title})`, serverNodeFlags: nodeFlags },
    target: null,
    side: { title, packages: { ...versions } },
  };
}
