import { describe, expect, it } from 'vitest';
import type { CompletedRun } from '../../report/schema.js';
import { type GuidePlan, makeGuidePlan } from '../../scenario/guide-plan.js';
import { loadScenario } from '../../scenario/load.js';
import { makePlan } from '../../scenario/plan.js';
import { EXAMPLE_ROWS, exampleRun } from '../../testing/example-report.js';
import { PUSH } from '../../testing/measurement.js';
import type { RunOptions } from '../run.js';
import { type HowToRun, measureCut, measureGrowth } from './runs.js';

const MACHINE = { descriptors: 20_000, platform: 'linux' };
const ROWS = ['One', 'Two'].map((label) => ({
  ...PUSH,
  label,
  profile: { ...PUSH.profile, group: 'web' as const },
}));

function planFor(clients: string): GuidePlan {
  const { scenario } = loadScenario('default', { clients, rounds: '2' }, 2);
  return makeGuidePlan(makePlan(scenario, ROWS, MACHINE), MACHINE);
}

const PLAN = planFor('40');
const RUN = exampleRun(EXAMPLE_ROWS.webSocket, 0);

function how(carryOut: (options: RunOptions) => Promise<CompletedRun>, abort = new AbortController()): HowToRun {
  return { signal: abort.signal, pinned: false, identity: null, onEvent: () => {}, carryOut };
}

const RECOVERED: CompletedRun = {
  ...RUN,
  recovery: {
    resumed: true,
    faults: [
      {
        fault: 'cut:100%@1s',
        atMs: 1_000,
        lastedMs: 0,
        connections: 40,
        clientsDropped: 40,
        clientsUnaware: 0,
        promisedNoticeMs: null,
        clientsAway: 1,
        noticeUs: { p50: 800, p99: 900, max: 900 },
        backUs: { p50: 20_000, p99: null, all: null },
        attempts: { mean: 1, max: 2 },
        peakAccepts: null,
        serverCpu: null,
      },
    ],
    reconnectUs: RUN.connectUs,
    missed: 3,
    recovered: 17,
    outstanding: 4,
    unaware: 0,
  },
};

describe('the cut', () => {
  it('is read off the run of each row; what never came is missed, whoever it was for', async () => {
    const { rows, failed, reconnect } = await measureCut(
      PLAN,
      how(async () => RECOVERED),
    );
    expect([reconnect, failed]).toEqual(['immediate', []]);
    expect(rows.map(({ label }) => label)).toEqual(['One', 'Two']);
    expect(rows[0]).toMatchObject({ clientsDropped: 40, clientsAway: 1, missed: 7, recovered: 17, resumed: true });
  });

  it('a row that failed has a reason, and the other its figures', async () => {
    const { rows, failed } = await measureCut(
      PLAN,
      how(async ({ run }) => {
        if (run.row === 0) throw new Error('listen EADDRINUSE');
        return RECOVERED;
      }),
    );
    expect(rows.map(({ label }) => label)).toEqual(['Two']);
    expect(failed).toEqual([{ label: 'One', reason: 'failed: listen EADDRINUSE' }]);
  });
});

describe('growth', () => {
  it('has a point for each number of clients and round', async () => {
    const { clients, rows, failed } = await measureGrowth(
      PLAN,
      how(async ({ run }) => ({ ...RUN, round: run.round })),
    );
    expect([clients, failed]).toEqual([[10, 20], []]);
    const share = RUN.server.cpuShare;
    expect(rows[1]?.points).toEqual(
      [10, 20].flatMap((number) => [0, 1].map((round) => ({ clients: number, round, cpuShare: share }))),
    );
  });

  it('leaves out runs that are invalid, and says why a row has none', async () => {
    const invalid: CompletedRun = { ...RUN, verdict: 'invalid', fault: 'delivery', reasons: ['12 never came'] };
    const { rows, failed } = await measureGrowth(
      PLAN,
      how(async ({ run }) => (run.row === 0 ? invalid : { ...RUN, round: run.round })),
    );
    expect(rows.map(({ label }) => label)).toEqual(['Two']);
    expect(failed).toEqual([{ label: 'One', reason: '12 never came' }]);
  });

  it('an abort keeps what there is', async () => {
    const abort = new AbortController();
    let runs = 0;
    const { clients, rows, failed } = await measureGrowth(
      PLAN,
      how(async () => {
        runs++;
        abort.abort(new Error('interrupted'));
        return RUN;
      }, abort),
    );
    expect([runs, clients]).toEqual([1, [10]]);
    expect(rows).toHaveLength(1);
    expect(failed).toEqual([{ label: expect.any(String), reason: 'interrupted' }]);
  });

  it('one client has no fewer', async () => {
    const { clients, failed } = await measureGrowth(
      planFor('1'),
      how(async () => RUN),
    );
    expect(clients).toEqual([]);
    expect(failed.map(({ reason }) => reason)).toEqual(Array(2).fill('there are too few clients for fewer of them'));
  });
});
