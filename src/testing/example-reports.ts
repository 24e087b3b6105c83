import type { RoundTripMeasurement } from '../report/round-measurement.js';
import { roundTripsOfRound } from '../report/round-trips.js';
import type { CompletedRun, Report, RunResult } from '../report/schema.js';
import { NO_DISTANCE } from '../scenario/network.js';
import { pollRoundTrips, pushRoundTrips, type RoundTripPrediction } from '../transports/round-trips.js';
import {
  EXAMPLE_ROWS,
  EXAMPLE_SCENARIO,
  type ExampleRow,
  exampleReport,
  exampleResults,
  exampleRun,
  exampleRuns,
} from './example-report.js';
import { encoded, PUSH } from './measurement.js';

const { shortPolling, longPolling, sse, webSocket, grpc, tcp } = EXAMPLE_ROWS;

/** The rounds of a row, each changed. */
export function changedRuns(example: ExampleRow, change: (run: CompletedRun) => Partial<CompletedRun>): RunResult[] {
  return Array.from({ length: EXAMPLE_SCENARIO.rounds }, (_, round) => {
    const run = exampleRun(example, round);
    return { ...run, ...change(run) };
  });
}

/** A row of every kind that is not sound, and one with a long name. */
export function troubledReport(): Report {
  const variant = {
    ...shortPolling,
    row: { ...shortPolling.row, label: 'Short polling keepAlive=false,format=binary' },
  };
  return exampleReport({
    interrupted: true,
    rows: [
      exampleResults(variant),
      exampleResults(longPolling, [
        exampleRun(longPolling, 0),
        { state: 'failed', round: 1, reason: 'the server process ended with code 1: Error: listen EADDRINUSE' },
      ]),
      exampleResults(
        sse,
        changedRuns(sse, ({ round }) =>
          round === 1 ? { verdict: 'saturated', reasons: ['the server could not keep up'] } : {},
        ),
      ),
      exampleResults(
        webSocket,
        changedRuns(webSocket, ({ delivery }) => ({
          verdict: 'invalid',
          fault: 'delivery',
          reasons: ['12 of 30,000 expected deliveries never came'],
          delivery: { ...delivery, delivered: (delivery.expected ?? 0) - 12, lost: 12, duplicated: 3 },
        })),
      ),
      exampleResults(grpc, [{ state: 'aborted', round: 0, reason: 'interrupted' }]),
      exampleResults(tcp),
    ],
  });
}

/** One round with too few publishes for a p99, published by the clients, and a publisher that was late for one row. */
export function quickLookReport(): Report {
  const workload = { ...EXAMPLE_SCENARIO.workload, publish: 'clients' as const, ratePerSecond: 40 };
  const scenario = { ...EXAMPLE_SCENARIO, rounds: 1, workload };
  const late = exampleRun(webSocket, 0, scenario);
  return exampleReport({
    scenario,
    rows: [
      exampleResults(sse, exampleRuns(sse, scenario)),
      exampleResults(webSocket, [
        { ...late, generator: { ...late.generator, scheduleLagUs: { p50: 240, p99: 900, max: 2_000 } } },
      ]),
    ],
  });
}

/** Rounds enough for intervals. */
export function sixRoundsReport(): Report {
  const scenario = { ...EXAMPLE_SCENARIO, rounds: 6 };
  return exampleReport({
    scenario,
    rows: [sse, webSocket, tcp].map((row) => exampleResults(row, exampleRuns(row, scenario))),
  });
}

const RTT_MS = 100;

/** A round trip of 100 ms, the round trips of each row a little more than its protocol's definition has. */
export function distantReport(): Report {
  const scenario = { ...EXAMPLE_SCENARIO, network: { ...NO_DISTANCE, rttMs: RTT_MS } };
  const held = pollRoundTrips(2, { poll: 1, held: true, uplinkOpening: 1 });
  const polled = pollRoundTrips(2, { poll: 1, held: false, uplinkOpening: 1 });
  const rows = [
    distantResults(shortPolling, polled, { pollWaitMs: 500 }),
    distantResults(longPolling, held),
    distantResults(sse, pushRoundTrips(2, 1)),
    distantResults(webSocket, pushRoundTrips(2, 0)),
    // Of the last round: a busy machine.
    distantResults(grpc, pushRoundTrips(3, 0), { lateMs: (round) => (round === 2 ? 90 : 0) }),
    distantResults(tcp, pushRoundTrips(2, 0)),
  ];
  return exampleReport({ scenario, rows });
}

function distantResults(
  example: ExampleRow,
  expected: RoundTripPrediction,
  { pollWaitMs = 0, lateMs = () => 0 }: { pollWaitMs?: number; lateMs?: (round: number) => number } = {},
) {
  return exampleResults(
    example,
    changedRuns(example, ({ round, notMeasured }) => {
      const { roundTrips: _why, ...others } = notMeasured;
      const counted = roundTripsOfRound({
        row: { ...PUSH, worstWaitMs: pollWaitMs },
        roundTrips: {
          ...travelled(expected, pollWaitMs, lateMs(round)),
          rtt: encoded([1_000 * (RTT_MS + 0.4 * round)]),
        },
      });
      return { roundTrips: counted.roundTrips, notMeasured: { ...others, ...counted.notMeasured } };
    }),
  );
}

/** What five clients take where a message waits for half of a poll's interval, and a machine for 1 ms. */
function travelled(
  expected: RoundTripPrediction,
  pollWaitMs: number,
  lateMs: number,
): Omit<RoundTripMeasurement, 'rtt'> {
  const us = (trips: number, waitMs = 0) => 1_000 * (RTT_MS * trips + 1 + waitMs);
  const waitMs = pollWaitMs / 2;
  const channels = Array.from({ length: 5 }, (_, index) => `trips${index}`);
  return {
    clients: channels.map((channel) => ({
      channel,
      connectUs: us(expected.connect, lateMs),
      arrivals: {
        firstMessageUs: us(expected.firstMessage, lateMs + waitMs),
        messageUs: us(expected.message, waitMs),
        secondMessageUs: us(expected.secondMessage, waitMs),
      },
      uplinks: [
        { sentUs: 0, backUs: null },
        { sentUs: 0, backUs: us(expected.uplinkBack, waitMs) },
      ],
    })),
    failure: null,
    receivedUs: Object.fromEntries(channels.map((name) => [name, [us(expected.firstUplink), us(expected.uplink)]])),
    expected,
  };
}
