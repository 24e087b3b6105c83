import { expect, it } from 'vitest';
import { ENVELOPE_BYTES, writeEnvelope } from '../../protocol/envelope.js';
import { Inbox } from './inbox.js';

function body(sequence: number): Uint8Array {
  const bytes = new Uint8Array(ENVELOPE_BYTES);
  writeEnvelope(bytes, { publisher: 1, sequence, dueUs: 0, lagUs: 0 });
  return bytes;
}

function inboxAt(clock: { us: number }): Inbox {
  return new Inbox({ nowUs: () => clock.us });
}

it('tells when a message came, whether it is asked before or after', async () => {
  const clock = { us: 10 };
  const inbox = inboxAt(clock);
  inbox.note(body(7));
  clock.us = 20;
  const asked = inbox.arrival(8);
  inbox.note(body(8));
  clock.us = 30;
  inbox.note(body(8));
  expect([await inbox.arrival(7), await asked, await inbox.arrival(8), inbox.firstUs]).toEqual([10, 20, 20, 10]);
});

it('ends every wait when nothing more will come, and those to come', async () => {
  const inbox = inboxAt({ us: 1 });
  inbox.note(body(1));
  const waits = [inbox.arrival(2), inbox.arrival(3)];
  inbox.fail(new Error('dropped'));
  inbox.fail(new Error('too late'));
  for (const wait of waits) await expect(wait).rejects.toThrow('dropped');
  await expect(inbox.arrival(4)).rejects.toThrow('dropped');
  expect(await inbox.arrival(1)).toBe(1);
});
