import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fixedPort, rangeBeside, releasePort } from './fixed-port.js';

it('is a port that can be listened on at every address, below those that connections get', async () => {
  const port = await fixedPort(['127.0.0.1', '127.0.0.2']);
  const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  expect(port).toBeGreaterThanOrEqual(10_000);
  expect(port + 1).toBeLessThan(Number.parseInt(range, 10));
});

it('passes over a port that is taken', async () => {
  const first = await fixedPort(['127.0.0.1'], () => 0.5);
  releasePort(first);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(first, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const draws = [0.5, 0.25];
  const second = await fixedPort(['127.0.0.1'], () => draws.shift() ?? 0.75);
  expect(second).not.toBe((server.address() as AddressInfo).port);
});

describe('a port that was given', () => {
  const addresses = ['127.0.0.1'];

  it('is given to nobody else until it is released, nor is one beside it', async () => {
    const range = { from: 20_000, to: 21_000 };
    const draws = (...ports: readonly number[]) => {
      const shares = ports.map((port) => (port + 0.5 - range.from) / (range.to - range.from));
      return () => shares.shift() ?? Math.random();
    };
    const [one, other] = await Promise.all([
      fixedPort(addresses, draws(20_500), range),
      fixedPort(addresses, draws(20_500), range),
    ]);
    const third = await fixedPort(addresses, draws(one, one + 1, one - 1), range);
    for (const port of [other, third]) expect(Math.abs(port - one)).toBeGreaterThan(1);
    releasePort(one);
    expect(await fixedPort(addresses, draws(one), range)).toBe(one);
    for (const port of [one, other, third]) releasePort(port);
  });

  it.each([
    ['below it', { from: 32_768, to: 60_999 }, { from: 10_000, to: 32_767 }],
    ['above it, where there is no room below', { from: 1_024, to: 60_999 }, { from: 61_000, to: 65_535 }],
    ['anywhere, where connections get all of them', { from: 1_024, to: 65_535 }, { from: 10_000, to: 65_535 }],
  ])('is looked for %s', (_, ephemeral, range) => {
    expect(rangeBeside(ephemeral)).toEqual(range);
  });
});
