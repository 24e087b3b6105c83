import { expect, it } from 'vitest';
import type { DeliveryTimes } from '../metrics/tally.js';
import { conducted } from '../testing/conducted.js';

it('bursts: what is due at one instant is sent at one, and all of it arrives', async () => {
  const times: (DeliveryTimes | null | undefined)[] = [];
  const result = await conducted(
    'sse',
    { clients: 10, channels: 2, ratePerSecond: 100, arrivals: { meanSize: 10 }, warmupMs: 500, durationMs: 1_000 },
    async () => {},
    {},
    ({ workers: [probe] }) => times.push(probe?.tally.deliveries),
  );
  expect(result.delivery).toMatchObject({ published: 100, unpublished: 0, expected: 500, lost: 0, reordered: 0 });
  const { dueUs, sentUs } = times[0] ?? expect.fail('nothing was stamped');
  const together = (ofUs: DeliveryTimes['dueUs']) => ofUs.map((us, index) => index > 0 && us === ofUs[index - 1]);
  expect(together(dueUs).filter((is) => is)).toHaveLength(90);
  // Two bursts may be sent as one, but none as two.
  for (const [index, is] of together(dueUs).entries()) if (is) expect(sentUs[index]).toBe(sentUs[index - 1]);
});
