import type { GuidePlan } from '../scenario/guide-plan.js';
import type { Plan } from '../scenario/scenario.js';
import type { SuiteEvent } from '../suite/events.js';
import { formatDurationMs } from '../units.js';

/** Said before the runs, whose own estimate does not hold it. */
export function noteOnGuidePlan({ estimatedMs }: GuidePlan): string {
  return `after the runs there is more to measure for the guide's table, about ${roundly(estimatedMs)}`;
}

function roundly(ms: number): string {
  return formatDurationMs(Math.round(ms / 1_000) * 1_000);
}

/** What the guide's table takes beyond the runs, for a person who looks at the plan. */
export function describeGuidePlan({ rows, cut, growth, estimatedMs }: GuidePlan): string {
  const fewer = growth.map(({ scenario, runs }) => `${scenario.workload.clients} clients (${runs.length} runs)`);
  return [
    `then for the guide's table, about ${roundly(estimatedMs)}:`,
    `  a binary body of 1 KiB up and down, each of ${rows.length} rows`,
    '  each row through nginx, where it is installed',
    `  every connection cut, ${cut.runs.length} run(s)`,
    ...(fewer.length > 0 ? [`  server CPU with ${fewer.join(' and ')}`] : []),
    '',
  ].join('\n');
}

/** A line for each thing that is measured for the guide's table, and for each run of it. */
export class GuideProgress {
  readonly #print: (line: string) => void;
  readonly #runs: number;
  #plan: Plan | undefined;
  #done = 0;

  constructor({ cut, growth, estimatedMs }: GuidePlan, print: (line: string) => void) {
    this.#print = print;
    this.#runs = [cut, ...growth].reduce((sum, { runs }) => sum + runs.length, 0);
    print(`For the guide's table: about ${roundly(estimatedMs)} more`);
  }

  readonly onStep = (step: string): void => this.#print(`${step} …`);

  readonly onEvent = (event: SuiteEvent): void => {
    if (event.type === 'planned') this.#plan = event.plan;
    if (event.type !== 'runEnded' || this.#plan === undefined) return;
    const { scenario, rows } = this.#plan;
    const { state } = event.result;
    const outcome = event.result.state === 'completed' ? event.result.verdict : state;
    const clients = `${scenario.workload.clients} clients`;
    this.#print(`  [${++this.#done}/${this.#runs}] ${rows[event.run.row]?.label} · ${clients} · ${outcome}`);
  };
}
