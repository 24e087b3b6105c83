import { readFile } from 'node:fs/promises';
import { messageOf, UsageError } from '../errors.js';
import { parseCapacityReport } from '../report/capacity/file.js';
import { readEnvironment } from '../report/environment.js';
import { type LoadDocument, loadsFrom } from '../report/guide/loads.js';
import { type Loads, NO_LOADS } from '../report/guide/loads-schema.js';
import type { Report } from '../report/schema.js';
import { parseSweepReport } from '../report/sweep/file.js';
import type { Plan } from '../scenario/scenario.js';
import { pinningPlan } from '../suite/pinning.js';
import type { RunFlags } from './run-flags.js';
import { readTool } from './version.js';

/**
 * The documents of `--evidence`: capacity.json and sweep.json, whatever they are called.
 *
 * @throws UsageError where one cannot be read, or is something else.
 */
export async function readLoadDocuments(files: readonly string[]): Promise<LoadDocument[]> {
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        throw new UsageError(`--evidence: ${file}: cannot be read (${messageOf(error)})`);
      });
      const report = parseCapacityReport(text, file) ?? parseSweepReport(text, file);
      if (report === undefined) {
        throw new UsageError(
          `--evidence: ${file}: it is no capacity.json and no sweep.json; rtbench capacity and rtbench sweep write them`,
        );
      }
      return { file, report };
    }),
  );
}

type HowRun = Pick<RunFlags, 'evidence' | 'pin' | 'wire'>;

/** What they say of the rows of a plan that is still to be measured, on this machine. */
export async function loadsForPlan({ evidence: files, pin, wire }: HowRun, plan: Plan): Promise<Loads> {
  if (files.length === 0) return NO_LOADS;
  const { scenario, rows } = plan;
  const environment = readEnvironment({
    pinning: pin ? { ...pinningPlan() } : null,
    deflateRatio: null,
    network: wire ? 'namespace' : 'loopback',
  });
  return loadsFrom(await readLoadDocuments(files), {
    scenario: { ...scenario, workload: { ...scenario.workload } },
    environment,
    tool: readTool(),
    rows,
  });
}

/** A report with what they say of its rows, in place of what it had of that. */
export async function withLoads(report: Report, files: readonly string[]): Promise<Report> {
  if (files.length === 0) return report;
  const { scenario, environment, tool, transports: rows, guide } = report;
  const loads = loadsFrom(await readLoadDocuments(files), { scenario, environment, tool, rows });
  return { ...report, guide: { facts: [], extra: null, ...guide, loads } };
}
