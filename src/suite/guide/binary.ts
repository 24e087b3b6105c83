import { randomBytes } from 'node:crypto';
import { messageOf } from '../../errors.js';
import type { GuideExtra } from '../../report/guide/schema.js';
import type { Row } from '../../scenario/scenario.js';
import { Exchange } from '../exchange.js';

type Binary = NonNullable<GuideExtra['binary']>;

/** As the guide's claims have it: 1 KiB. */
export const BINARY_BYTES = 1_024;

/**
 * A random body up from a client and one down to it, in lock-step, so that each has its bytes to itself. What arrives
 * otherwise than it was sent is a failure. Ends early after an abort.
 */
export async function measureBinary(rows: readonly Row[], signal: AbortSignal): Promise<Binary> {
  const binary: Binary = { sizeBytes: BINARY_BYTES, rows: [], failed: [] };
  for (const row of rows) {
    if (signal.aborted) break;
    try {
      binary.rows.push({ label: row.label, ...(await exchanged(row)) });
    } catch (error) {
      binary.failed.push({ label: row.label, reason: messageOf(error) });
    }
  }
  return binary;
}

async function exchanged(row: Row): Promise<Pick<Binary['rows'][number], 'publish' | 'message'>> {
  const exchange = await Exchange.open({ transport: row, payload: 'binary', worstWaitMs: row.worstWaitMs });
  try {
    const hasUplink = row.profile.uplink !== 'none';
    // The first of each may open what the next ones use.
    if (hasUplink) await exchange.publish(randomBytes(BINARY_BYTES));
    await exchange.message(randomBytes(BINARY_BYTES));
    return {
      publish: hasUplink ? await exchange.publish(randomBytes(BINARY_BYTES)) : null,
      message: await exchange.message(randomBytes(BINARY_BYTES)),
    };
  } finally {
    await exchange.close();
  }
}
