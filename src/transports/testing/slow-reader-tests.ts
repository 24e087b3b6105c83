import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { codeOf } from '../drop-error.js';
import type { ContractTest } from './bench.js';
import { Client, settle, within } from './client.js';
import { openPassage } from './passage.js';
import { neverFull } from './skips.js';

const BODY = Buffer.alloc(64 * 1_024, 'x');
/** Beyond what the kernel's buffers take of a connection that nobody reads. */
const MAX_BODIES = 400;
/** Bytes that wait at once beside bodies: heads of frames and records, base64. */
const OVERHEAD = 1.5;

/** What a server half owes those that do not keep up. */
export const slowReaderTests: readonly ContractTest[] = [
  {
    title: 'a subscriber that is told that it is too slow: its connection ends, in the words of the profile',
    skip: neverFull,
    async run(bench) {
      const [slow, other] = [await Client.connect(bench), await Client.connect(bench, { clientId: 1 })];
      bench.publish('a', Buffer.from('before'));
      for (const client of [slow, other]) await client.until('the message', () => client.bodies.length === 1);
      bench.tellTooSlow(0);
      await slow.until('the drop', () => slow.drops.length > 0);
      await settle(bench, other);
      assert.deepEqual(slow.texts, ['before']);
      assert.deepEqual(other.texts, ['before', 'last']);
      assert.deepEqual(other.drops, []);
      await within('close after a drop', slow.connection.close());
      assert.equal(slow.drops.length, 1);
      const { tooSlow } = bench.transport.profile;
      if (tooSlow !== undefined) assert.equal(codeOf(slow.drops[0] as Error), tooSlow);
      await other.connection.close();
    },
  },
  {
    title: 'what waits for a client that does not read is told, is bounded, and comes when it reads on',
    skip: neverFull,
    async run(bench) {
      const passage = await openPassage(bench.urls);
      try {
        const client = await Client.connect(bench, { urls: passage.urls });
        assert.equal(bench.waitingBytes(), 0);
        passage.stopReading();
        const seen: number[] = [];
        let sent = 0;
        // Until no more is handed over: the second half of them finds the client full.
        while (sent < MAX_BODIES) {
          bench.publish('a', BODY);
          sent++;
          await nextTurn();
          const waiting = bench.waitingBytes();
          if (waiting > (seen.at(-1) ?? 0)) seen.push(waiting);
          if (waiting > bench.limits.maxBufferedBytes / 2) break;
        }
        assert(seen.length >= 2, `nothing was said to wait, though ${sent} bodies were published: ${seen}`);
        for (let more = 0; more < 2 * (bench.limits.maxBufferedBytes / BODY.length); more++) {
          bench.publish('a', BODY);
          sent++;
          assert(bench.waitingBytes() <= OVERHEAD * (bench.limits.maxBufferedBytes + BODY.length));
        }
        passage.readOn();
        await client.until('all that was published', () => client.bodies.length === sent);
        assert(client.bodies.every((body) => body.equals(BODY)));
        await within('nothing waits any more', untilNothingWaits(bench));
        await client.connection.close();
      } finally {
        await passage.close();
      }
    },
  },
];

async function untilNothingWaits(bench: { waitingBytes(): number }): Promise<void> {
  while (bench.waitingBytes() > 0) await nextTurn();
}
