import type { ExactCheck } from '../baseline/difference.js';
import type { Baseline } from '../baseline/schema.js';
import type { Finding, Findings } from './findings.js';

/** Of the exact tier: every figure of every row that was measured now, and the rows that were not. */
export function findingsOfCheck(check: ExactCheck, head: Baseline): Findings {
  const added = new Set(check.added);
  return {
    title: 'Exact figures against the baseline',
    startedAt: null,
    durationMs: null,
    list: [
      ...head.rows.flatMap(({ label, figures }) => {
        if (added.has(label)) return [heldAgainstNothing(label)];
        const gone = check.differences.filter((one) => one.label === label && one.head === null);
        const names = [...new Set([...Object.keys(figures), ...gone.map(({ figure }) => figure)])];
        return names.flatMap((figure) =>
          (['down', 'up'] as const).map((direction) =>
            exact(check, label, figure, direction, figures[figure]?.[direction]),
          ),
        );
      }),
      ...check.missing.map(
        (label): Finding => ({
          subject: label,
          name: 'measured',
          outcome: 'not measured',
          text: `${label}: in the baseline, and not measured now`,
        }),
      ),
    ],
  };
}

function exact(
  { differences }: ExactCheck,
  label: string,
  figure: string,
  direction: 'up' | 'down',
  now: number | undefined,
): Finding {
  const name = `${figure} ${direction}`;
  const found = differences.find((one) => one.label === label && one.figure === figure && one.direction === direction);
  if (found === undefined) {
    return {
      subject: label,
      name,
      outcome: 'passed',
      text: `${label}: ${name} is ${bytes(now ?? null)}, as in the baseline`,
    };
  }
  return {
    subject: label,
    name,
    outcome: 'failed',
    text: `${label}: ${name} is ${bytes(found.head)}, and ${bytes(found.base)} in the baseline`,
  };
}

function bytes(value: number | null): string {
  return value === null ? 'not there' : `${value} B`;
}

function heldAgainstNothing(label: string): Finding {
  return {
    subject: label,
    name: 'baseline',
    outcome: 'undecided',
    text: `${label}: not in the baseline, and so held against nothing; to add it: rtbench check --save-baseline`,
  };
}
