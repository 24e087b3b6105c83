import { formatUs } from '../units.js';
import type { CompletedRow, Report } from './schema.js';
import { completedRuns } from './statistics.js';
import { counted, listed } from './wording.js';

/** A clock error above this share of a latency is said of the row. */
const NOTABLE_SHARE = 0.2;

/** Most that a row's latencies may be off by the mapping of page clocks, µs; `null`: its probes were no pages. */
export function clockErrorUs(row: CompletedRow): number | null {
  const errors = completedRuns(row).flatMap(({ browser }) => (browser ? [browser.clock.errorUs] : []));
  return errors.length > 0 ? Math.max(...errors) : null;
}

/** What a report of probes in a browser does not say by its figures. */
export function browserNotes(report: Report, rows: readonly CompletedRow[]): string[] {
  const browsers = rows.flatMap(completedRuns).flatMap(({ browser }) => browser ?? []);
  const [first] = browsers;
  const notes: string[] = [];
  if (first) {
    const { probes, workload } = report.scenario;
    const errors = rows.flatMap((row) => clockErrorUs(row) ?? []);
    const resolutionUs = Math.max(...browsers.map(({ clock }) => clock.resolutionUs));
    notes.push(
      `The probes are pages of ${first.name} ${first.version}: latency ends in a page's callback, and may be off by the bound of the page's clock, ±${formatUs(Math.max(...errors))} at the most (steps of ${resolutionUs} µs).`,
      ...doubtful(rows),
      `Bytes are those of ${counted(probes, 'page')}, with a browser's headers, and of ${counted(workload.clients - probes, 'client')} without them; the browser's own CPU and memory are not among the generator's.`,
    );
  }
  if (report.unreachable.length > 0) {
    const names = report.unreachable.map(({ label, reason }) => `${label} (${reason})`);
    const what = report.scenario.via === 'browser' ? 'Not reachable from a browser' : 'Not measured';
    notes.push(`${what}: ${listed(names)}.`);
  }
  return notes;
}

function doubtful(rows: readonly CompletedRow[]): string[] {
  const labels = rows.flatMap((row) => {
    const [errorUs, p50Us] = [clockErrorUs(row), row.latencyUs.p50];
    if (errorUs === null || p50Us === null || errorUs <= NOTABLE_SHARE * p50Us) return [];
    return [`${row.label} (±${formatUs(errorUs)}, ${Math.round((100 * errorUs) / p50Us)} % of its p50)`];
  });
  return labels.length === 0 ? [] : [`That bound is a good part of the latency of ${listed(labels)}.`];
}
