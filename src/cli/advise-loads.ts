import type { LoadEvidence } from '../report/advice/loads.js';
import { parseCapacityReport } from '../report/capacity/file.js';
import type { LoadDocument } from '../report/guide/loads.js';
import { parseSweepReport } from '../report/sweep/file.js';
import { candidateFor, isOfThisKind, newestFiles, parsed, type Wanted } from './evidence.js';
import { readLoadDocuments } from './load-documents.js';

export interface WantedLoads extends Pick<Wanted, 'answers' | 'scenario'> {
  /** Of `--evidence`. */
  readonly files: readonly string[];
  /** The folder that is looked through where no files are named; `null`: none. */
  readonly folder: string | null;
}

/**
 * The sweeps and capacities to advise by: those that are named, whatever is in them, or of each kind the newest in the
 * folder that fits.
 *
 * @throws UsageError where one that was named cannot be read.
 */
export async function findLoads({ files, folder, ...kind }: WantedLoads): Promise<LoadEvidence[]> {
  const documents =
    files.length > 0 ? await readLoadDocuments(files) : folder === null ? [] : await foundIn(folder, kind);
  return Promise.all(
    documents.map(async (document) => ({
      ...document,
      candidates: await Promise.all(document.report.transports.map(candidateFor)),
    })),
  );
}

async function foundIn(folder: string, kind: Pick<Wanted, 'answers' | 'scenario'>): Promise<LoadDocument[]> {
  const found = new Map<string, LoadDocument>();
  for (const [name, parse] of [
    ['sweep.json', parseSweepReport],
    ['capacity.json', parseCapacityReport],
  ] as const) {
    for (const file of await newestFiles(folder, name)) {
      const report = await parsed<LoadDocument['report']>(file, parse);
      if (report === undefined || !isOfThisKind(report.scenario, kind)) continue;
      const about = `${report.kind} ${report.kind === 'sweep' ? report.vary.variable : report.find}`;
      if (!found.has(about)) found.set(about, { file, report });
    }
  }
  return [...found.values()];
}
