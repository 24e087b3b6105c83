import { expect, it } from 'vitest';
import { modelPull, modelPush } from './ip-model.js';

const still = { up: 0, connections: 0 };

it('takes two packets for a pushed message that fits a segment: itself and its acknowledgement', () => {
  expect(modelPush({ ...still, down: 1_000 * 204 }, 1_000)).toEqual({ packets: 2_000, bytes: 1_000 * (204 + 2 * 52) });
});

it('cuts what does not fit, and acknowledges every second segment', () => {
  // ⌈65,546 / 1,448⌉ = 46 and 23 acknowledgements.
  expect(modelPush({ ...still, down: 65_546 }, 1)).toEqual({ packets: 69, bytes: 65_546 + 69 * 52 });
  expect(modelPush({ ...still, down: 1_449 }, 1).packets).toBe(3);
});

it('lets request and answer acknowledge each other, unless the pause is long', () => {
  const traffic = { up: 10 * 110, down: 10 * 400, connections: 0 };
  expect(modelPull(traffic, 10, 1e-9).packets).toBe(20);
  expect(modelPull(traffic, 10, 1e9).packets).toBeCloseTo(30, 5);
  expect(modelPull({ ...traffic, down: 10 * 5 * 1_448 }, 10, 1e-9).packets).toBe(10 * (1 + 5 + 2));
});

it('adds what it takes to open and close connections', () => {
  const { packets, bytes } = modelPush({ up: 0, down: 204, connections: 1 }, 1);
  expect(packets).toBe(2 + 7);
  // SYN and SYN-ACK carry 60 bytes of headers, the others 52.
  expect(bytes).toBe(204 + 2 * 52 + 2 * 60 + 5 * 52);
});
