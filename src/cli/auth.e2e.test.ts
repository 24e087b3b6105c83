import { expect, test } from 'vitest';
import { measured, rtbench } from '../testing/cli.js';

const QUICK = [
  ...['--rounds', '1', '--clients', '4', '--probes', '1', '--rate', '50/s'],
  ...['--warmup', '100ms', '--duration', '300ms'],
];

test('run --auth: every row authenticates in a way that it has, delivers, and says what it costs', async () => {
  const { transports, scenario, finished } = await measured(['-t', 'sse', '-t', 'grpc', '--auth', 'cookie', ...QUICK]);
  expect(scenario.auth).toBe('cookie');
  const rows = transports.map((row) => (row.state === 'completed' ? row : undefined));
  // A connect with and without the token, in turns: how long it takes is the machine's.
  const openingUs = { pairs: 40, shown: expect.any(Number), without: expect.any(Number) };
  expect(rows.map((row) => row?.auth)).toMatchObject([
    { way: 'cookie', openingBytes: { up: 'cookie: token=\r\n'.length + 43, down: 0 }, openingUs },
    { way: 'bearer', openingBytes: null, openingUs },
    { way: 'first-message', openingBytes: { up: ',"token":""'.length + 43, down: 0 }, openingUs },
  ]);
  expect(rows[1]?.notMeasured['auth.openingBytes']).toMatch(/compressed/);
  for (const row of rows) expect(row?.delivery).toMatchObject({ lost: 0, delivered: row?.delivery.expected });
  expect(finished.stderr).toMatch(/gRPC streaming cannot authenticate by cookie: by bearer instead/);
});

test('run --auth with a way that there is not: exit 2', async () => {
  const { code, stderr } = await rtbench(['run', '--auth', 'basic']);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/--auth: `basic` is not `bearer`, `cookie`/)]);
});
