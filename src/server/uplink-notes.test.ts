import { expect, it } from 'vitest';
import { UplinkNotes } from './uplink-notes.js';

function notesAt(clock: { us: number }): UplinkNotes {
  return new UplinkNotes({ nowUs: () => clock.us });
}

it('has the times of each channel, in order, since the last question', () => {
  const clock = { us: 1 };
  const notes = notesAt(clock);
  for (const [us, channel] of [
    [10, 'a'],
    [20, 'b'],
    [30, 'a'],
  ] as const) {
    clock.us = us;
    notes.note(channel);
  }
  expect(notes.take()).toEqual({ a: [10, 30], b: [20] });
  expect(notes.take()).toEqual({});
  notes.note('a');
  expect(notes.take()).toEqual({ a: [30] });
});

it('keeps a bounded number, whatever a peer sends', () => {
  const notes = notesAt({ us: 1 });
  for (let sent = 0; sent < 30_000; sent++) notes.note(`channel ${sent % 7}`);
  expect(Object.values(notes.take()).flat()).toHaveLength(10_000);
});
