import { messageOf } from '../../errors.js';
import type { GuideExtra } from '../../report/guide/schema.js';
import type { GuidePlan } from '../../scenario/guide-plan.js';
import { BINARY_BYTES, measureBinary } from './binary.js';
import { measureNginx } from './nginx.js';
import { type HowToRun, measureCut, measureGrowth, nothingOfCut } from './runs.js';

export interface GuideOptions extends HowToRun {
  readonly plan: GuidePlan;
  /** What is measured from now on. */
  readonly onStep: (step: string) => void;
  /** Called after each part with all of them so far, to save them; waited for. */
  readonly onPart: (extra: GuideExtra) => Promise<void>;
}

const NOTHING: GuideExtra = { binary: null, cut: null, nginx: null, growth: null };

type Failed = readonly { readonly label: string; readonly reason: string }[];

interface Part {
  readonly step: string;
  readonly measure: () => Promise<Partial<GuideExtra>>;
  /** In its place, where it cannot be carried out at all. */
  readonly without: (failed: Failed) => Partial<GuideExtra>;
}

/**
 * What the guide's table takes beyond a report's own runs, part after part. A part that cannot be measured says so for
 * each row, and the others go on; after an abort what was measured so far is there, the rest `null`.
 */
export async function measureGuide(options: GuideOptions): Promise<GuideExtra> {
  const { plan, signal, onStep, onPart } = options;
  let extra = NOTHING;
  for (const { step, measure, without } of partsOf(options)) {
    if (signal.aborted) break;
    onStep(step);
    try {
      extra = { ...extra, ...(await measure()) };
    } catch (error) {
      const reason = messageOf(error);
      extra = { ...extra, ...without(plan.rows.map(({ label }) => ({ label, reason }))) };
    }
    await onPart(extra);
  }
  return extra;
}

/** The shortest first: an interruption then costs the least. */
function partsOf({ plan, ...how }: GuideOptions): readonly Part[] {
  const { signal } = how;
  const { rows, growth } = plan;
  return [
    {
      step: 'a binary body up and down',
      measure: async () => ({ binary: await measureBinary(rows, signal) }),
      without: (failed) => ({ binary: { sizeBytes: BINARY_BYTES, rows: [], failed: [...failed] } }),
    },
    {
      step: 'through nginx, as it is by default',
      measure: async () => ({ nginx: await measureNginx(rows, signal) }),
      without: (failed) => ({ nginx: { version: null, rows: [], failed: [...failed] } }),
    },
    {
      step: 'every connection cut',
      measure: async () => ({ cut: await measureCut(plan, how) }),
      without: (failed) => ({ cut: { ...nothingOfCut(plan), failed: [...failed] } }),
    },
    {
      step: 'server CPU with fewer clients',
      measure: async () => ({ growth: await measureGrowth(plan, how) }),
      without: (failed) => ({
        growth: { clients: growth.map(({ scenario }) => scenario.workload.clients), rows: [], failed: [...failed] },
      }),
    },
  ];
}
