import { expect, test } from 'vitest';
import { exampleReport } from '../testing/example-report.js';
import { idleMeasurement } from '../testing/idle-measurements.js';
import { buildIdleReport, type IdleMeasurement } from './idle.js';
import { idleReportSchema } from './idle-schema.js';
import { nullPaths } from './not-measured.js';

function rowOf(measurement: IdleMeasurement) {
  const { tool, environment, command } = exampleReport();
  const report = buildIdleReport({
    tool,
    environment,
    command,
    startedAt: new Date('2026-11-24T12:00:00Z'),
    durationMs: 10_000,
    interrupted: false,
    intervalMs: 500,
    scaledToMs: 25_000,
    watchMs: 5_000,
    auth: null,
    planned: 1,
    measurements: [measurement],
  });
  const [row] = idleReportSchema.parse(report).transports;
  if (!row) throw new Error('no row');
  return row;
}

test('bytes go with the number of heartbeats, and packets get their headers', () => {
  const row = rowOf(idleMeasurement());
  expect(row.bytes).toMatchObject({ up: 36, down: 12, perMinute: { up: 720, down: 240 } });
  // 2.4 a minute: ping, pong and an acknowledgement, 52 bytes of headers each.
  expect(row.scaled).toMatchObject({ everyMs: 25_000, clientNoticesMs: 56_250, serverNoticesMs: 56_250 });
  expect(row.scaled?.perMinute.up).toBeCloseTo(14.4, 9);
  expect(row.scaled?.ipPerMinute).toBeCloseTo(2.4 * (6 + 2 + 3 * 52), 9);
});

test('times are of those that noticed', () => {
  const row = rowOf(idleMeasurement({ notice: { clientMs: [700, null, 900], serverMs: [null, null, null] } }));
  expect(row.notice?.client).toMatchObject({ noticed: 2, ms: { min: 700, median: 800, max: 900 } });
  expect(row.notice?.server).toMatchObject({ noticed: 0, ms: null });
});

test.each([
  ['measured', {}],
  ['failed', { failure: 'a port is taken', bytes: null, notice: null, survival: [] }],
  ['without a heartbeat', { promise: { means: null, everyMs: null, clientNoticesMs: null, serverNoticesMs: null } }],
  ['not measured', { bytes: null, notice: null, unmeasured: { bytes: 'too seldom', notice: 'none open' } }],
] as const)('every null has a reason, and only a null has one: %s', (_, changes) => {
  const { bytes, scaled, notice, notMeasured } = rowOf(idleMeasurement(changes));
  expect(Object.keys(notMeasured).sort()).toEqual(nullPaths({ bytes, scaled, notice }).sort());
  for (const reason of Object.values(notMeasured)) expect(reason).not.toBe('');
});

test('what theory says of an idle timeout', () => {
  const survival = [
    { timeoutMs: 400, survived: 0 },
    { timeoutMs: 500, survived: 1 },
    { timeoutMs: 501, survived: 3 },
  ];
  const { survival: told } = rowOf(idleMeasurement({ survival }));
  expect(told.map(({ theory }) => theory)).toEqual(['none', 'none', 'all']);
});
