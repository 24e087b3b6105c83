import { LINEARITY } from './cost-model.js';
import type { CostReport, CostRow } from './cost-schema.js';
import { counted, plainFigure } from './wording.js';

/** What the model is worth: at the scenario's own load, which it has not seen, what it says and what was measured. */
export function costStatements({ transports, scenario: { workload } }: CostReport): string[] {
  const checked = transports.flatMap(({ label, check }) => (check ? [{ label, ...check }] : []));
  if (checked.length === 0) return [];
  const at = `${workload.clients} clients and ${plainFigure(workload.ratePerSecond)} messages/s`;
  const figures = checked.map(
    ({ label, predictedCpuShare, measuredCpuShare }) =>
      `${label} ${percent(predictedCpuShare)} predicted, ${percent(measuredCpuShare)} measured`,
  );
  return [`At the scenario's own load (*), ${at}, which no model was fitted to, of one core: ${figures.join('; ')}.`];
}

/** Everything that holds for one row only, its label first. */
export function costNotes({ transports }: CostReport): string[] {
  return transports.flatMap((row) => notesOf(row).map((note) => `${row.label}: ${note}.`));
}

function notesOf({ cpu, notMeasured, measurements }: CostRow): string[] {
  if (measurements.length === 0) return ['nothing was measured'];
  const notes: string[] = [];
  if (cpu === null) notes.push(`no model: ${notMeasured.cpu ?? 'not measured'}`);
  if (cpu && !cpu.linear) {
    notes.push(
      `not linear here: the model misses ${cpu.largestMiss.point} by ${percent(cpu.largestMiss.share)}, more than ` +
        `${percent(LINEARITY.share)}; its costs are averages over these loads, not for others`,
    );
  }
  for (const [key, noun] of Object.entries(NOUNS)) {
    const why = notMeasured[`cpu.${key}`];
    // That a push answers no polls needs no note.
    if (why !== undefined && !why.startsWith('there was no')) notes.push(`no cost per ${noun}: ${noun}s ${why}`);
  }
  for (const [path, noun] of [
    ['memoryPerClient', 'memory per client'],
    ['kernelMemoryPerClient', 'kernel memory per client'],
  ] as const) {
    if (notMeasured[path] !== undefined) notes.push(`no ${noun}: ${notMeasured[path]}`);
  }
  const firstReason = new Map<string, string>();
  const unsound = measurements.filter(({ use }) => use === 'none');
  for (const { verdict, state, reasons } of unsound) {
    const kind = verdict ?? state;
    if (!firstReason.has(kind)) firstReason.set(kind, reasons[0] ?? '');
  }
  if (unsound.length > 0) {
    const why = [...firstReason].map(([kind, reason]) => `${kind}: ${reason}`);
    notes.push(`${counted(unsound.length, 'run')} of ${measurements.length} left out (${why.join('; ')})`);
  }
  return notes;
}

const NOUNS = { perClient: 'client', perPublish: 'publish', perDelivery: 'delivery', perPoll: 'poll' } as const;

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
