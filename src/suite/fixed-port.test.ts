import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { fixedPort } from './fixed-port.js';

it('is a port that can be listened on at every address, below those that connections get', async () => {
  const port = await fixedPort(['127.0.0.1', '127.0.0.2']);
  const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  expect(port).toBeGreaterThanOrEqual(10_000);
  expect(port + 1).toBeLessThan(Number.parseInt(range, 10));
});

it('passes over a port that is taken', async () => {
  const first = await fixedPort(['127.0.0.1'], () => 0.5);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(first, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const draws = [0.5, 0.25];
  const second = await fixedPort(['127.0.0.1'], () => draws.shift() ?? 0.75);
  expect(second).not.toBe((server.address() as AddressInfo).port);
});
